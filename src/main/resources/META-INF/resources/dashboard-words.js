// Numbers, sizes, times and elements as the page writes them.

const whole = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const calendar = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23'});

export const count = number => whole.format(number);

export const percent = fraction => `${(100 * fraction).toFixed(1)} %`;

export const accuracy = ({mean, spread}) => `${(100 * mean).toFixed(1)} ± ${(100 * spread).toFixed(1)} %`;

/** Images a second: whole ones, but a thin stream keeps a decimal. */
export const rate = value => value > 0 && value < 10 ? value.toFixed(1) : count(Math.round(value));

export function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

export function duration(seconds) {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** The time of day today, with the date on other days. */
export function moment(text) {
  if (!text) {
    return '';
  }
  const date = new Date(text);
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : calendar.format(date);
}

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

export const row = (kind, ...cells) => element('tr', {}, ...cells.map(cell => cell instanceof Node ? cell : element(kind, {}, cell)));

export const numeric = text => element('td', {class: 'number'}, text);
