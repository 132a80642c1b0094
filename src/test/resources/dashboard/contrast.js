// Measures the contrast of everything that is seen, by WCAG 2.2: 1.4.3 for text, 1.4.11 for controls and graphics.
// Returns {measured, offenders}.

const parse = text => {
  const numbers = (text.match(/[\d.]+/g) || ['0', '0', '0', '0']).map(Number);
  return {rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1};
};
const over = (front, back) => front.rgb.map((value, i) => value * front.alpha + back[i] * (1 - front.alpha));
const linear = value => value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
const luminance = rgb => 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};
const style = node => getComputedStyle(node);

function behind(node) {
  if (!node) {
    return parse(style(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0,0,0)' : 'rgb(255,255,255)').rgb;
  }
  const own = parse(style(node).backgroundColor);
  return own.alpha === 1 ? own.rgb : over(own, behind(node.parentElement));
}

const faded = node => {
  let opacity = 1;
  for (let at = node; at; at = at.parentElement) {
    opacity *= Number(style(at).opacity);
  }
  return opacity;
};

/** What a filter of an ancestor makes of a colour; saturate, as Filter Effects 1 defines it, is the only one there is. */
function filtered(node, rgb) {
  const filter = [...ancestors(node)].map(at => style(at).filter).find(value => value !== 'none');
  if (!filter) {
    return rgb;
  }
  const [, much] = filter.match(/^saturate\(([\d.]+)\)$/) || [];
  if (much === undefined) {
    throw new Error(`the filter ${filter} cannot be measured`);
  }
  const grey = 0.213 * rgb[0] + 0.715 * rgb[1] + 0.072 * rgb[2];
  return rgb.map(value => Math.min(255, Math.max(0, grey + Number(much) * (value - grey))));
}

function* ancestors(node) {
  for (let at = node; at; at = at.parentElement) {
    yield at;
  }
}

const offenders = [];
let measured = 0;
function measure(node, what, colour, back, least) {
  const parsed = parse(colour);
  parsed.alpha *= faded(node);
  if (parsed.alpha === 0) {
    return;
  }
  measured++;
  const found = contrast(filtered(node, over(parsed, back)), filtered(node, back));
  if (found < least) {
    const name = node.id ? `#${node.id}` : `${node.tagName.toLowerCase()}.${node.getAttribute('class') || ''}`;
    offenders.push(`${what} of ${name} "${(node.textContent || '').trim().slice(0, 30)}": ${found.toFixed(2)}, must be ${least}`);
  }
}

const seen = node => node.checkVisibility({visibilityProperty: true}) && node.getBoundingClientRect().width > 1;

for (const node of document.body.querySelectorAll('*')) {
  if (!seen(node) || node.disabled || node.closest('.unseen')) {
    continue;
  }
  const computed = style(node);
  const words = [...node.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.textContent.trim());
  if (words && node.namespaceURI.endsWith('svg')) {
    if (node.tagName === 'text') {
      measure(node, 'text', computed.fill, behind(node.closest('svg').parentElement), 4.5);
    }
  } else if (words) {
    const size = parseFloat(computed.fontSize);
    const large = size >= 24 || size >= 18.66 && Number(computed.fontWeight) >= 700;
    measure(node, 'text', computed.color, behind(node), large ? 3 : 4.5);
  }
  if (node.matches('button, a.button, select')) {
    measure(node, 'border', computed.borderTopColor, behind(node.parentElement), 3);
  } else if (node.matches('.bar, .compare span')) {
    measure(node, 'bar', computed.backgroundColor, behind(node.parentElement), 3);
  } else if (node.matches('polyline, circle')) {
    measure(node, 'mark', node.tagName === 'circle' ? computed.fill : computed.stroke, behind(node.closest('svg').parentElement), 3);
  }
}
const focus = parse(style(document.documentElement).getPropertyValue('--accent').replace(/#(..)(..)(..)/, (all, r, g, b) => `rgb(${parseInt(r, 16)},${parseInt(g, 16)},${parseInt(b, 16)})`));
for (const place of [document.body, ...document.querySelectorAll('.card')].filter(seen)) {
  measure(place, 'focus ring', `rgb(${focus.rgb})`, behind(place), 3);
}
return {measured, offenders};
