// The dashboard: one page over the public API. State comes whole with every server-sent event, so a lost connection
// leaves nothing to catch up with.

const API = 'api/v1';
const SHOWN_PER_CLASS = 10;
const THUMBNAILS = 8;
const RATE_WINDOW = 10_000;

const $ = id => document.getElementById(id);
const feeds = new Map();
let selected = null;
let report = null;
let generations = [];
let pinnedToNewest = true;
let stream = null;
let arrivals = [];
const seen = {generation: null, sample: null, ended: null, curve: 0};

// --- talking to the service

const path = (...parts) => [API, ...parts.map(encodeURIComponent)].join('/');

async function call(url, options = {}) {
  const response = await fetch(url, {...options, headers: {Accept: 'application/json'}});
  const json = (response.headers.get('Content-Type') || '').includes('json');
  const body = json ? await response.json() : null;
  if (!response.ok) {
    throw new Error(body && body.detail ? body.detail : `${response.status} ${response.statusText}`);
  }
  return body;
}

function complain(error) {
  $('notice').textContent = error.message;
  $('notice').hidden = false;
}

const guarded = action => async () => {
  try {
    $('notice').hidden = true;
    await action();
  } catch (error) {
    complain(error);
  }
};

function connection(state) {
  $('connection').dataset.state = state;
  $('connection').textContent = {live: 'live', lost: 'connection lost, trying again', connecting: 'connecting'}[state];
}

// One connection a page, because browsers allow six to a server over HTTP/1.1, all tabs together.
function listen() {
  if (stream) {
    stream.close();
  }
  const wish = selected === null ? '' : `?summaries=true&feed=${encodeURIComponent(selected)}`;
  stream = new EventSource(`${API}/events${wish}`);
  stream.addEventListener('summary', event => takeSummary(JSON.parse(event.data)));
  stream.addEventListener('feed', event => {
    const state = JSON.parse(event.data);
    if (state.feed === selected) {
      show(state);
    }
  });
  stream.onopen = () => connection('live');
  stream.onerror = () => {
    connection('lost');
    // The browser tries again by itself, unless the service answered with an error.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(listen, 2000);
    }
  };
}

// --- words and numbers

const whole = new Intl.NumberFormat('en');
const count = number => whole.format(number);
const percent = (accuracy, digits = 1) => `${(100 * accuracy.mean).toFixed(digits)} ± ${(100 * accuracy.spread).toFixed(digits)} %`;

function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

function duration(seconds) {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const moment = text => text ? new Date(text).toLocaleString() : '';

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// --- feeds

function takeSummary(summary) {
  const fresh = !feeds.has(summary.feed);
  feeds.set(summary.feed, summary);
  if (fresh) {
    options();
  }
  if (selected === null) {
    choose(wanted() || summary.feed);
  }
}

const wanted = () => decodeURIComponent(location.hash.slice(1)) || null;

function options() {
  const names = [...feeds.keys()].sort();
  $('feed').replaceChildren(...names.map(name => element('option', {value: name}, name)));
  if (selected !== null) {
    $('feed').value = selected;
  }
}

function choose(name) {
  if (name === selected) {
    return;
  }
  selected = name;
  report = null;
  generations = [];
  arrivals = [];
  pinnedToNewest = true;
  forget();
  $('feed').value = name;
  $('notice').hidden = true;
  history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  listen();
}

// --- one feed

function show(state) {
  report = state;
  $('loading').hidden = true;
  const blank = state.in.images === 0 && Object.keys(state.rejects).length === 0 && !state.generation;
  $('empty').hidden = !blank;
  $('dashboard').hidden = blank;
  $('first-image').textContent =
      `./reflux produce --data DIR --feed ${state.feed}\n\n# or over HTTP\ncurl -H 'Content-Type: image/png' --data-binary @image.png \\\n`
      + `  '${location.origin}/${path('feeds', state.feed, 'images')}?label=CLASS'`;
  tiles();
  round();
  refresh();
}

function tiles() {
  arrivals.push([Date.now(), report.in.images]);
  $('images').textContent = count(report.in.images);
  rate();
  const reasons = Object.entries(report.rejects);
  $('rejected').textContent = count(reasons.reduce((sum, [, number]) => sum + number, 0));
  $('reasons').textContent = reasons.map(([reason, number]) => `${reason} ${count(number)}`).join(', ') || 'none';
  const kept = Object.values(report.sample);
  $('kept').textContent = count(kept.reduce((sum, number) => sum + number, 0));
  $('classes').textContent = `${count(kept.length)} ${kept.length === 1 ? 'class' : 'classes'}`;
  const out = report.generation && report.generation.out;
  $('ratio').textContent = out ? `${count(Math.round(report.in.bytes / out.bytes))} : 1` : '–';
  $('bytes').textContent = out ? `${size(report.in.bytes)} in, ${size(out.bytes)} out` : `${size(report.in.bytes)} in`;
  const accuracy = report.generation && report.generation.accuracy;
  $('accuracy').textContent = accuracy ? percent(accuracy.distilled) : '–';
  $('beside').textContent = accuracy ? `random ${percent(accuracy.random)}, sample ${percent(accuracy.sample)}` : '';
}

function rate() {
  const since = Date.now() - RATE_WINDOW;
  while (arrivals.length > 2 && arrivals[1][0] < since) {
    arrivals.shift();
  }
  const [start, before] = arrivals[0] || [Date.now(), 0];
  const seconds = (Date.now() - start) / 1000;
  const now = arrivals.length ? arrivals[arrivals.length - 1][1] : 0;
  $('rate').textContent = seconds < 1 ? '' : `${count(Math.round((now - before) / seconds))} a second`;
}

function round() {
  const current = report.current;
  $('start').disabled = Boolean(current);
  $('cancel').disabled = !current;
  $('progress').hidden = !current;
  if (!current) {
    const last = report.last;
    $('stage').textContent = last
      ? `No round is running. The last one ${last.outcome} at ${moment(last.time)}${last.reason ? `: ${last.reason}` : '.'}`
      : 'No round has run yet.';
    return;
  }
  if (current.state === 'requested') {
    $('stage').textContent = 'A round is requested and begins when its turn comes.';
    $('progress').removeAttribute('value');
    return;
  }
  const words = [(current.stage || 'starting').replaceAll('-', ' ')];
  if (current.total) {
    words.push(`${count(current.done)} of ${count(current.total)}`);
    $('progress').value = current.done / current.total;
  } else {
    $('progress').removeAttribute('value');
  }
  if (current.loss !== undefined && current.loss !== null) {
    words.push(`loss ${current.loss.toFixed(4)}`);
  }
  if (current['seconds-left']) {
    words.push(`about ${duration(current['seconds-left'])} left in this stage`);
  }
  $('stage').textContent = words.join(' · ');
}

// What the events do not carry is fetched when they say that it changed, and again after a failure.
const refresh = guarded(async () => {
  try {
    await fetchChanged();
  } catch (error) {
    forget();
    throw error;
  }
});

const forget = () => Object.assign(seen, {generation: null, sample: null, ended: null, curve: 0});

async function fetchChanged() {
  const feed = selected;
  const jobs = [];
  const newest = report.generation ? report.generation.generation : 0;
  if (seen.generation !== newest) {
    seen.generation = newest;
    jobs.push(call(path('feeds', feed, 'generations')).then(list => feed === selected && showGenerations(list)));
  }
  const sample = Object.keys(report.sample).join('\n');
  if (seen.sample !== sample) {
    seen.sample = sample;
    jobs.push(call(`${path('feeds', feed, 'sample')}?limit=${THUMBNAILS}`).then(list => feed === selected && showSample(list)));
  } else {
    bars();
  }
  const ended = `${report.last ? report.last.round : ''} ${report.current ? report.current.round + report.current.state : ''}`;
  if (seen.ended !== ended) {
    seen.ended = ended;
    jobs.push(call(`${path('feeds', feed, 'rounds')}?limit=20`).then(list => feed === selected && showRounds(list)));
    seen.curve = 0;
  }
  if (Date.now() - seen.curve > 1000) {
    seen.curve = Date.now();
    jobs.push(call(path('feeds', feed, 'rounds', 'current', 'loss')).then(list => feed === selected && showLoss(list)));
  }
  await Promise.all(jobs);
}

// --- charts

function line(points, x, y, kind) {
  const polyline = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  polyline.setAttribute('points', points.map(point => `${x(point).toFixed(1)},${y(point).toFixed(1)}`).join(' '));
  polyline.setAttribute('class', kind);
  return polyline;
}

function grid(height, steps) {
  return Array.from({length: steps + 1}, (unused, step) => {
    const rule = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    const y = height * step / steps;
    Object.entries({x1: 0, x2: 600, y1: y, y2: y}).forEach(([name, value]) => rule.setAttribute(name, value));
    return rule;
  });
}

function showLoss(points) {
  $('loss').hidden = points.length < 2;
  if (points.length < 2) {
    return;
  }
  const first = points[0].iteration;
  const last = points[points.length - 1].iteration;
  const top = Math.max(...points.map(point => point.loss));
  const svg = $('loss').querySelector('svg');
  svg.replaceChildren(...grid(160, 4), line(
    points,
    point => 600 * (point.iteration - first) / Math.max(1, last - first),
    point => 160 * (1 - point.loss / top),
    'distilled'));
  $('loss-caption').textContent =
    `Matching loss, 0 to ${top.toFixed(3)}, iterations ${count(first)} to ${count(last)}; now ${points[points.length - 1].loss.toFixed(4)}`;
}

function showQuality() {
  const oldestFirst = [...generations].reverse();
  $('no-quality').hidden = oldestFirst.length > 0;
  $('quality').hidden = oldestFirst.length === 0;
  const x = point => oldestFirst.length === 1 ? 300 : 600 * point.index / (oldestFirst.length - 1);
  const rows = ['distilled', 'random', 'sample'];
  const lines = rows.map(row => {
    const points = oldestFirst.map((generation, index) => ({index, value: generation.accuracy[row].mean}));
    const shown = points.length === 1 ? [{...points[0], from: true}, points[0]] : points;
    return line(shown, point => x(point) + (points.length === 1 ? (point.from ? -20 : 20) : 0), point => 200 * (1 - point.value), row);
  });
  $('quality').querySelector('svg').replaceChildren(...grid(200, 4), ...lines);
  const head = element('tr', {}, ...['Generation', 'Distilled set', 'Random real', 'Whole sample', 'Published'].map(name => element('th', {scope: 'col'}, name)));
  $('quality-table').replaceChildren(element('thead', {}, head), element('tbody', {}, ...generations.map(generation => element(
    'tr',
    {},
    element('td', {class: 'number'}, String(generation.generation)),
    ...rows.map(row => element('td', {class: 'number'}, percent(generation.accuracy[row]))),
    element('td', {}, moment(generation.time))))));
}

// --- sets

function showGenerations(list) {
  generations = list;
  $('no-set').hidden = list.length > 0;
  $('set').hidden = list.length === 0;
  showQuality();
  if (list.length === 0) {
    $('downloads').replaceChildren();
    return;
  }
  const slider = $('generation');
  slider.max = list.length - 1;
  if (pinnedToNewest) {
    slider.value = list.length - 1;
  }
  slider.disabled = list.length < 2;
  showSet();
}

const shownGeneration = () => generations[generations.length - 1 - Number($('generation').value)];

const showSet = guarded(async () => {
  const now = shownGeneration();
  if (!now) {
    return;
  }
  const previous = generations[generations.indexOf(now) + 1];
  const feed = selected;
  $('shown').textContent = `${now.generation} (${percent(now.accuracy.distilled)}, ${moment(now.time)})`;
  $('generation').setAttribute('aria-valuetext', `generation ${now.generation}`);
  const base = path('feeds', feed, 'generations', now.generation, 'set');
  $('downloads').replaceChildren(...['safetensors', 'npz', 'zip', 'png'].map(format =>
    element('a', {class: 'button', href: `${base}?format=${format}`, download: ''}, format)));
  $('snippet').textContent = snippet(feed, now.generation);
  const [after, before] = await Promise.all([
    call(path('feeds', feed, 'generations', now.generation)),
    previous ? call(path('feeds', feed, 'generations', previous.generation)) : null,
  ]);
  if (feed !== selected || now !== shownGeneration()) {
    return;
  }
  $('after-caption').textContent = `Generation ${now.generation}`;
  $('after').replaceChildren(...pictures(feed, after));
  $('before-caption').textContent = previous ? `Generation ${previous.generation}, the one before` : 'There is no kept generation before it.';
  $('before').replaceChildren(...(before ? pictures(feed, before) : []));
});

function pictures(feed, manifest) {
  const perClass = manifest['images-per-class'];
  return manifest.classes.map((name, index) => {
    const strip = element('div', {class: 'strip'});
    for (let i = 0; i < Math.min(perClass, SHOWN_PER_CLASS); i++) {
      const image = index * perClass + i;
      strip.append(element('img', {
        src: path('feeds', feed, 'generations', manifest.generation, 'images', image),
        alt: `synthetic image ${i + 1} of class ${name}`,
        loading: 'lazy',
      }));
    }
    return element('div', {class: 'row'}, element('span', {}, name), strip);
  });
}

function snippet(feed, generation) {
  return `import io, urllib.request
import numpy as np

url = "${location.origin}/${path('feeds', feed, 'generations', generation, 'set')}?format=npz"
data = np.load(io.BytesIO(urllib.request.urlopen(url).read()))
images, labels = data["images"], data["labels"]  # float32 [n,C,H,W], normalised; probabilities [n,K]`;
}

// --- the sample

function showSample(identities) {
  $('sample').replaceChildren(...Object.entries(identities).map(([label, images]) => element(
    'div',
    {class: 'row', 'data-label': label},
    element('span', {}, label),
    element(
      'div',
      {},
      element('div', {class: 'bar'}),
      element('div', {class: 'strip'}, ...images.map((identity, index) => element('img', {
        src: path('feeds', selected, 'sample', label, identity),
        alt: `real image ${index + 1} of class ${label}`,
        loading: 'lazy',
      })))))));
  bars();
}

function bars() {
  const most = Math.max(1, ...Object.values(report.sample));
  for (const row of $('sample').children) {
    const number = report.sample[row.dataset.label] || 0;
    row.querySelector('.bar').style.width = `${100 * number / most}%`;
    row.querySelector('span').textContent = `${row.dataset.label} (${count(number)})`;
  }
}

// --- rounds

function showRounds(list) {
  if (list.length === 0) {
    $('rounds').replaceChildren(element('tbody', {}, element('tr', {}, element('td', {}, 'No round has run yet.'))));
    return;
  }
  const head = element('tr', {}, ...['State', 'Why', 'Began', 'Took', 'Generation', 'Accuracy', 'Remark'].map(name => element('th', {scope: 'col'}, name)));
  $('rounds').replaceChildren(element('thead', {}, head), element('tbody', {}, ...list.map(entry => {
    const took = entry.started && entry.ended ? duration((new Date(entry.ended) - new Date(entry.started)) / 1000) : '';
    return element(
      'tr',
      {},
      element('td', {}, entry.state),
      element('td', {}, entry.trigger || ''),
      element('td', {}, moment(entry.started)),
      element('td', {class: 'number'}, took),
      element('td', {class: 'number'}, entry.generation ? String(entry.generation) : ''),
      element('td', {class: 'number'}, entry.accuracy ? percent(entry.accuracy.distilled) : ''),
      element('td', {class: 'wide'}, entry.reason || ''));
  })));
}

// --- beginning

$('feed').addEventListener('change', event => choose(event.target.value));
window.addEventListener('hashchange', () => wanted() && choose(wanted()));
$('generation').addEventListener('input', () => {
  pinnedToNewest = Number($('generation').value) === generations.length - 1;
  showSet();
});
$('start').addEventListener('click', guarded(() => call(path('feeds', selected, 'rounds'), {method: 'POST'})));
$('cancel').addEventListener('click', guarded(() => call(path('feeds', selected, 'rounds', 'current'), {method: 'DELETE'})));
$('copy').addEventListener('click', guarded(async () => {
  await navigator.clipboard.writeText($('snippet').textContent);
  $('copy').textContent = 'Copied';
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 2000);
}));
setInterval(rate, 1000);

async function begin() {
  try {
    const list = await call(`${API}/feeds`);
    list.forEach(takeSummary);
    $('loading').hidden = list.length > 0;
    if (list.length === 0) {
      $('loading').hidden = true;
      $('empty').hidden = false;
      $('first-image').textContent = './reflux produce --data DIR';
    }
  } catch (error) {
    complain(error);
    setTimeout(begin, 2000);
    return;
  }
  if (stream === null) {
    listen();
  }
}

// A page that is kept in the browser's cache must not keep its connection.
window.addEventListener('pagehide', () => stream && stream.close());
window.addEventListener('pageshow', event => event.persisted && listen());

begin();
