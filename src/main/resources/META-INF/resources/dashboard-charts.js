// Line charts in SVG, drawn in the pixels they are shown in, so that text and markers keep their shape.

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = {top: 12, right: 14, bottom: 26, left: 52};
const charts = new Map();

const observer = new ResizeObserver(entries => entries.forEach(({target}) => draw(target, charts.get(target))));

/**
 * Shows a chart in an svg element and keeps it as wide as its place.
 *
 * @param chart {x: [from, to], y: [from, to], xTicks: [[value, text]], yText: value => text, label,
 *     series: [{kind, points: [{x, y, spread, title}], markers}]}
 */
export function show(svg, chart) {
  svg.setAttribute('aria-label', chart.label);
  if (!charts.has(svg)) {
    observer.observe(svg);
  }
  charts.set(svg, chart);
  draw(svg, chart);
}

/** Round values from 0 (or the first) to at least the last, about as many as asked for. */
export function ticks(from, to, wanted) {
  const rough = Math.max(to - from, Number.EPSILON) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough * 0.999);
  const values = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    values.push(i * step || 0);
  }
  return values;
}

function node(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function draw(svg, chart) {
  const width = svg.clientWidth;
  const height = svg.clientHeight;
  if (width === 0) {
    return;
  }
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const place = scales(chart, width, height);
  svg.replaceChildren(...grid(chart, place, width, height), ...chart.series.flatMap(series => lines(series, place)));
}

function scales({x, y}, width, height) {
  const inner = {width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom};
  return {
    x: value => MARGIN.left + (x[1] === x[0] ? 0.5 : (value - x[0]) / (x[1] - x[0])) * inner.width,
    y: value => MARGIN.top + (1 - (value - y[0]) / (y[1] - y[0])) * inner.height,
  };
}

function grid(chart, place, width, height) {
  const rules = ticks(chart.y[0], chart.y[1], 4).flatMap(value => [
    node('line', {x1: MARGIN.left, x2: width - MARGIN.right, y1: place.y(value), y2: place.y(value)}),
    node('text', {x: MARGIN.left - 8, y: place.y(value), 'text-anchor': 'end', 'dominant-baseline': 'middle'}, chart.yText(value)),
  ]);
  return rules.concat(chart.xTicks.map(([value, text]) =>
    node('text', {x: place.x(value), y: height - 6, 'text-anchor': anchor(place.x(value), width)}, text)));
}

const anchor = (at, width) => at > width - MARGIN.right - 20 ? 'end' : at < MARGIN.left + 20 ? 'start' : 'middle';

function lines({kind, points, markers}, place) {
  const at = points.map(point => `${place.x(point.x).toFixed(1)},${place.y(point.y).toFixed(1)}`).join(' ');
  const made = [node('polyline', {points: at, class: kind})];
  if (markers) {
    points.forEach(point => {
      if (point.spread) {
        made.push(node('line', {
          class: `${kind} spread`,
          x1: place.x(point.x),
          x2: place.x(point.x),
          y1: place.y(point.y - point.spread),
          y2: place.y(point.y + point.spread),
        }));
      }
      const marker = node('circle', {class: kind, cx: place.x(point.x), cy: place.y(point.y), r: 4});
      marker.append(node('title', {}, point.title));
      made.push(marker);
    });
  }
  return made;
}
