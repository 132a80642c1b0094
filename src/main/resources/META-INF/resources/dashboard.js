// The dashboard: one page over the public API, which shows one feed at a time.

import {Caller} from './dashboard-caller.js';
import {show as chart, ticks} from './dashboard-charts.js';
import {Rates} from './dashboard-rates.js';
import {call, path, Stream, UNKNOWN} from './dashboard-service.js';
import {Sets} from './dashboard-sets.js';
import {accuracy, count, duration, element, moment, numeric, rate, row, size} from './dashboard-words.js';

const THUMBNAILS = 8;
const SAMPLE_EVERY = 15_000;
const CURVE_EVERY = 1_000;
const LISTED = 200;
const STAGES = {
  sampling: 'sample',
  'training-experts': 'experts',
  distilling: 'distil',
  evaluating: 'evaluate',
  publishing: 'publish',
};

const CONNECTIONS = {
  connecting: 'connecting',
  live: 'live',
  lost: 'not connected',
  refused: 'waiting',
  ended: 'session ended',
};

const $ = id => document.getElementById(id);
const feeds = new Map();
const rates = new Rates();
const sets = new Sets(guarded);
const caller = new Caller();
let selected = null;
let report = null;
let reported = null;
let live = false;
let shownStage = '';
const seen = {};

// --- what goes wrong

function complain(error) {
  $('complaint').textContent = error.message;
  $('notice').hidden = false;
}

function guarded(action) {
  return async () => {
    try {
      await action();
    } catch (error) {
      if (error.status === UNKNOWN) {
        stream.end();
      } else if (error.status !== 0) {
        // that nobody answers is told by the connection
        complain(error);
      }
    }
  };
}

function state(name) {
  for (const id of ['loading', 'empty', 'missing', 'refused', 'ended', 'dashboard']) {
    $(id).hidden = id !== name;
  }
}

// --- the connection

const stream = new Stream({
  summary: takeSummary,
  report: show,
  connection(now) {
    live = now === 'live';
    document.body.dataset.connection = now;
    $('connection').dataset.state = now;
    $('connection').textContent = CONNECTIONS[now];
    $('lost').hidden = now !== 'lost';
    if (now === 'lost' || now === 'refused') {
      rates.clear();
      forget();
    }
    if (now === 'lost') {
      $('lost').textContent = `The connection to the service is lost. ${stale()}Trying again every two seconds.`;
    }
    if (live) {
      recognise();
    }
    if (live && selected === null) {
      nothing();
    }
    if (now === 'ended') {
      end();
    }
    buttons();
  },
  refused(error) {
    if (error.status === 404) {
      reported = null;
      $('missing-detail').textContent = error.message;
      state('missing');
    } else if (error.status !== 0) {
      refuse(error);
    } else if (!reported) {
      state('loading');
    }
  },
});

const stale = () => reported ? `What is shown is of ${moment(reported)}. ` : '';

/** What is said already is not said again to who listens. */
function say(id, words) {
  if ($(id).textContent !== words) {
    $(id).textContent = words;
  }
}

/** The service answers, but not with what is asked for; what is shown of the feed already stays. */
function refuse(error) {
  if (reported) {
    say('lost', `The service does not answer for this feed at the moment: ${error.message}. ${stale()}Asking again every two seconds.`);
    $('lost').hidden = false;
    return;
  }
  say('refused-title', error.title);
  say('refused-detail', `The service says: ${error.message}.`);
  state('refused');
}

// --- who looks; roles may be others after a lost connection

const recognise = guarded(async () => {
  await caller.ask();
  offer();
});

/** Nothing is shown to whom the service does not know. */
function end() {
  caller.forget();
  offer();
  $('notice').hidden = true;
  $('all').hidden = true;
  state('ended');
}

/** What may be done with the chosen feed. */
function offer() {
  const operates = caller.operates(selected);
  for (const id of ['start', 'cancel', 'upload']) {
    $(id).hidden = !operates;
  }
  $('metrics').hidden = caller.readsOnlySome();
  caller.tell(selected);
}

// --- feeds

function takeSummary(summary) {
  const fresh = !feeds.has(summary.feed);
  feeds.set(summary.feed, summary);
  if (fresh) {
    const names = [...feeds.keys()].sort();
    $('feed').replaceChildren(...names.map(name => element('option', {value: name}, name)));
    pick();
  }
  if (selected === null) {
    choose(wanted() || summary.feed);
  }
  list();
}

/** A feed that is asked for and not known is no option of the list. */
function pick() {
  if (selected !== null) {
    $('feed').value = selected;
  }
}

/** The feed that the address names; null when it names none, or nothing that can be read. */
function wanted() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch (error) {
    return null;
  }
}

function list() {
  $('all').hidden = feeds.size < 2;
  if (feeds.size < 2) {
    return;
  }
  const rows = [...feeds.values()].sort((a, b) => a.feed < b.feed ? -1 : 1).slice(0, LISTED);
  $('all-feeds').replaceChildren(
    element('thead', {}, row('th', 'Feed', 'Images', 'Bytes', 'Generation')),
    element('tbody', {}, ...rows.map(summary => row(
      'td',
      element('td', {}, element('a', {href: `#${encodeURIComponent(summary.feed)}`}, summary.feed)),
      numeric(count(summary.images)),
      numeric(size(summary.bytes)),
      numeric(summary.generation ? String(summary.generation) : '–')))));
}

function choose(name) {
  if (name === selected) {
    return;
  }
  selected = name;
  report = null;
  reported = null;
  sets.clear(name);
  rates.clear();
  forget();
  shownStage = '';
  pick();
  offer();
  $('notice').hidden = true;
  $('sample').replaceChildren();
  state('loading');
  history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  stream.follow(name);
}

// --- one feed

function show(now) {
  report = now;
  reported = new Date();
  const rejected = sum(report.rejects);
  rates.take(report.in.images, rejected);
  state(report.in.images === 0 && rejected === 0 && !report.generation ? 'empty' : 'dashboard');
  $('first-image').textContent = `./reflux produce --data DIR --feed ${report.feed}`;
  $('upload').textContent = "\n\n# or over HTTP\ncurl -H 'Content-Type: image/png' --data-binary @image.png \\\n"
      + `  '${location.origin}/${path('feeds', report.feed, 'images')}?label=CLASS'`;
  tiles(rejected);
  round();
  refresh();
}

const sum = counts => Object.values(counts).reduce((total, number) => total + number, 0);

function tiles(rejected) {
  $('images').textContent = count(report.in.images);
  $('rejected').textContent = count(rejected);
  $('reasons').textContent = Object.entries(report.rejects).map(([reason, number]) => `${reason} ${count(number)}`).join(', ');
  const classes = Object.keys(report.sample).length;
  $('kept').textContent = count(sum(report.sample));
  $('classes').textContent = `${count(classes)} ${classes === 1 ? 'class' : 'classes'}`;
  const out = report.generation && report.generation.out;
  $('ratio').textContent = out ? `${count(Math.round(report.in.bytes / out.bytes))} : 1` : '–';
  $('bytes').textContent = out ? `${size(report.in.bytes)} in, ${size(out.bytes)} out` : `${size(report.in.bytes)} in`;
  $('bar-in').style.width = '100%';
  $('bar-out').style.width = out ? `${100 * Math.min(1, out.bytes / Math.max(1, report.in.bytes))}%` : '0';
  const judged = report.generation && report.generation.accuracy;
  $('accuracy').textContent = judged ? accuracy(judged.distilled) : '–';
  $('beside').textContent = judged ? `random ${accuracy(judged.random)}, sample ${accuracy(judged.sample)}` : '';
}

function arrivals() {
  if (live) {
    rates.mark();
  }
  const now = rates.now();
  $('rate').textContent = now ? `${rate(now.images)} a second` : '';
  $('reject-rate').textContent = now ? `${rate(now.rejected)} a second` : '';
  $('rate-in').textContent = now ? rate(now.images) : '';
  $('rate-rejected').textContent = now ? rate(now.rejected) : '';
  if (!$('dashboard').hidden) {
    rates.draw($('rates').querySelector('svg'));
  }
}

function buttons() {
  $('start').disabled = !live || !report || Boolean(report.current);
  $('cancel').disabled = !live || !report || !report.current;
}

function round() {
  const current = report.current;
  buttons();
  stages(current);
  $('progress').hidden = !current;
  $('stage').textContent = current ? present(current) : past(report.last);
  if (current && current.total) {
    $('progress').value = current.done / current.total;
  } else {
    $('progress').removeAttribute('value');
  }
}

function past(last) {
  if (!last) {
    return 'No round has run yet.';
  }
  return `No round is running. The last one ${last.outcome} at ${moment(last.time)}${last.reason ? `: ${last.reason}` : '.'}`;
}

function present(current) {
  if (current.state === 'requested') {
    return 'A round is requested and begins when its turn comes.';
  }
  const words = [(current.stage || 'starting').replaceAll('-', ' ')];
  if (current.total) {
    words.push(`${count(current.done)} of ${count(current.total)}`);
  }
  if (current.loss !== undefined && current.loss !== null) {
    words.push(`loss ${current.loss.toFixed(4)}`);
  }
  if (current['seconds-left']) {
    words.push(`about ${duration(current['seconds-left'])} left in this stage`);
  }
  return words.join(' · ');
}

function stages(current) {
  const now = current ? current.stage || current.state : '';
  if (now === shownStage) {
    return;
  }
  shownStage = now;
  const names = Object.keys(STAGES);
  $('stages').replaceChildren(...names.map((name, index) => element(
    'li',
    {...(name === now ? {'aria-current': 'step'} : {}), class: index < names.indexOf(now) ? 'done' : ''},
    STAGES[name])));
  // several figures a second are for the eye; who listens hears of stages
  $('announcement').textContent = current ? `The round is ${now.replaceAll('-', ' ')}.` : past(report.last);
}

// --- what the events do not carry is fetched when they say that it changed, and again after a failure

const refresh = guarded(async () => {
  try {
    await fetchChanged();
  } catch (error) {
    forget();
    throw error;
  }
});

/** Number of the generation that the feed's pointer names; 0: none. */
const currentGeneration = () => report && report.generation ? report.generation.generation : 0;

function forget() {
  Object.assign(seen, {generation: null, sample: 0, ended: null, curve: 0});
}

async function fetchChanged() {
  const feed = selected;
  const jobs = [];
  const load = (url, take) => jobs.push(call(url).then(found => feed === selected && take(found)));
  if (seen.generation !== currentGeneration()) {
    seen.generation = currentGeneration();
    seen.sample = 0;
    load(path('feeds', feed, 'generations'), found => sets.take(found, currentGeneration()));
  }
  if (Date.now() - seen.sample > SAMPLE_EVERY || Object.keys(report.sample).length !== $('sample').children.length) {
    seen.sample = Date.now();
    load(`${path('feeds', feed, 'sample')}?limit=${THUMBNAILS}`, showSample);
  }
  bars();
  const ended = `${report.last ? report.last.round : ''} ${report.current ? report.current.round + report.current.state : ''}`;
  if (seen.ended !== ended) {
    seen.ended = ended;
    seen.curve = 0;
    load(`${path('feeds', feed, 'rounds')}?limit=12`, showRounds);
  }
  if (Date.now() - seen.curve > CURVE_EVERY && (report.current || seen.curve === 0)) {
    seen.curve = Date.now();
    load(path('feeds', feed, 'rounds', 'current', 'loss'), showLoss);
  }
  await Promise.all(jobs);
}

function showLoss(points) {
  $('loss').hidden = points.length < 2;
  if (points.length < 2) {
    return;
  }
  const first = points[0].iteration;
  const last = points[points.length - 1];
  const top = Math.max(...points.map(point => point.loss));
  $('loss-caption').textContent = `Matching loss by iteration; at ${count(last.iteration)} it is ${last.loss.toFixed(4)}`;
  chart($('loss').querySelector('svg'), {
    x: [first, last.iteration],
    y: [0, top * 1.05],
    xTicks: ticks(first, last.iteration, 4).filter(value => value >= first).map(value => [value, count(value)]),
    yText: value => value === 0 ? '0' : value.toPrecision(2),
    series: [{kind: 'distilled', points: points.map(point => ({x: point.iteration, y: point.loss}))}],
    label: `Matching loss from ${points[0].loss.toFixed(3)} at iteration ${count(first)} to ${last.loss.toFixed(3)} at ${count(last.iteration)}`,
  });
}

/** An image may leave the sample between its listing and its loading. */
function thumbnail(label, identity, index) {
  const image = element('img', {
    src: path('feeds', selected, 'sample', label, identity),
    alt: `real image ${index + 1} of class ${label}`,
    loading: 'lazy',
  });
  image.addEventListener('error', () => image.remove());
  return image;
}

function showSample(identities) {
  const labels = Object.keys(identities);
  $('no-sample').hidden = labels.length > 0;
  if (labels.join('\n') !== [...$('sample').children].map(node => node.dataset.label).join('\n')) {
    $('sample').replaceChildren(...labels.map(label => element(
      'div',
      {class: 'row', 'data-label': label},
      element('div', {class: 'name'}, element('span', {class: 'label'}), element('span', {class: 'many'})),
      element('div', {class: 'track'}, element('div', {class: 'bar'})),
      element('div', {class: 'strip'}))));
  }
  for (const node of $('sample').children) {
    const images = identities[node.dataset.label];
    if (node.dataset.images !== images.join('\n')) {
      node.dataset.images = images.join('\n');
      node.querySelector('.strip').replaceChildren(...images.map((identity, index) => thumbnail(node.dataset.label, identity, index)));
    }
  }
  bars();
}

function bars() {
  const most = Math.max(1, ...Object.values(report.sample));
  for (const node of $('sample').children) {
    const number = report.sample[node.dataset.label] || 0;
    node.querySelector('.bar').style.width = `${100 * number / most}%`;
    node.querySelector('.label').textContent = node.dataset.label;
    node.querySelector('.many').textContent = count(number);
  }
}

function showRounds(found) {
  if (found.length === 0) {
    $('rounds').replaceChildren(element('tbody', {}, row('td', 'No round has run yet.')));
    return;
  }
  $('rounds').replaceChildren(
    element('thead', {}, row('th', 'State', 'Began by', 'Began', 'Took', 'Generation', 'Accuracy', 'Remark')),
    element('tbody', {}, ...found.map(entry => row(
      'td',
      element('td', {}, element('span', {class: `outcome ${entry.state}`}, entry.state)),
      entry.trigger || '',
      moment(entry.started),
      numeric(entry.started && entry.ended ? duration((new Date(entry.ended) - new Date(entry.started)) / 1000) : ''),
      numeric(entry.generation ? String(entry.generation) : ''),
      numeric(entry.accuracy ? accuracy(entry.accuracy.distilled) : ''),
      element('td', {class: 'wide'}, entry.reason || '')))));
}

// --- beginning

$('feed').addEventListener('change', event => choose(event.target.value));
addEventListener('hashchange', () => wanted() && choose(wanted()));
$('start').addEventListener('click', guarded(() => call(path('feeds', selected, 'rounds'), {method: 'POST'})));
$('cancel').addEventListener('click', guarded(() => call(path('feeds', selected, 'rounds', 'current'), {method: 'DELETE'})));
$('again').addEventListener('click', () => location.reload());
$('dismiss').addEventListener('click', () => { $('notice').hidden = true; });
$('copy').addEventListener('click', guarded(async () => {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText($('snippet').textContent);
    $('copy').textContent = 'Copied';
  } else {
    // browsers keep the clipboard from pages that come over HTTP from another machine
    getSelection().selectAllChildren($('snippet'));
    $('copy').textContent = 'Selected';
  }
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 2000);
}));
setInterval(arrivals, 1000);

async function begin() {
  let found;
  try {
    found = await call('api/v1/feeds');
  } catch (error) {
    if (error.status === UNKNOWN) {
      stream.end();
      return;
    }
    // meanwhile a feed may have been named by hand, which the stream follows
    if (selected === null) {
      stream.tell(error);
      setTimeout(begin, 2000);
    }
    return;
  }
  found.forEach(takeSummary);
  if (selected !== null) {
    return;
  }
  if (wanted()) {
    choose(wanted());
    return;
  }
  nothing();
  stream.follow(null);
}

/** There is no feed yet. */
function nothing() {
  state('empty');
  $('first-image').textContent = './reflux produce --data DIR';
}

forget();
begin();
