// The kept generations of a feed: their images beside those of the generation before, downloads, and their accuracies.

import {show} from './dashboard-charts.js';
import {call, path} from './dashboard-service.js';
import {accuracy, element, moment, numeric, percent, row} from './dashboard-words.js';

const SHOWN_PER_CLASS = 10;
const KINDS = {distilled: 'distilled set', random: 'random real images', sample: 'whole sample'};
const FORMATS = {safetensors: 'safetensors', npz: 'NumPy', zip: 'PNG folders', png: 'one PNG'};
const $ = id => document.getElementById(id);

export class Sets {
  /** guarded: runs an action and tells its failure */
  constructor(guarded) {
    this.clear(null);
    this.draw = guarded(() => this.drawShown());
    $('generation').addEventListener('input', () => {
      this.follows = this.isCurrent(this.shown());
      this.draw();
    });
  }

  clear(feed) {
    this.feed = feed;
    this.generations = [];
    this.current = 0;
    // the current generation is shown until another one is chosen by hand
    this.follows = true;
    $('pairs').replaceChildren();
  }

  /**
   * @param list newest first
   * @param current number of the one that the feed's pointer names, after a rollback not the newest; 0: none
   */
  take(list, current) {
    const shown = this.shown();
    this.generations = list;
    this.current = current;
    $('no-set').hidden = list.length > 0;
    $('set').hidden = list.length === 0;
    this.quality();
    if (list.length === 0) {
      $('downloads').replaceChildren();
      return;
    }
    const slider = $('generation');
    slider.max = list.length - 1;
    const wanted = this.follows || !shown ? current : shown.generation;
    slider.value = list.length - 1 - this.place(wanted, current);
    slider.disabled = list.length < 2;
    this.draw();
  }

  /** Of the first of some generations that is kept; of the newest when none is. */
  place(...numbers) {
    const places = numbers.map(number => this.generations.findIndex(entry => entry.generation === number));
    return places.find(index => index >= 0) ?? 0;
  }

  isCurrent(entry) {
    return entry.generation === this.current;
  }

  shown() {
    return this.generations[this.generations.length - 1 - Number($('generation').value)];
  }

  async drawShown() {
    const now = this.shown();
    if (!now) {
      return;
    }
    const feed = this.feed;
    const before = this.generations[this.generations.indexOf(now) + 1];
    this.describe(now, before);
    const [after, previous] = await Promise.all([
      call(path('feeds', feed, 'generations', now.generation)),
      before ? call(path('feeds', feed, 'generations', before.generation)) : null,
    ]);
    if (feed === this.feed && now === this.shown()) {
      $('pairs').classList.toggle('many', after['images-per-class'] > 1);
      $('pairs').replaceChildren(...after.classes.map(name => this.pair(name, previous, after)));
    }
  }

  describe(now, before) {
    const current = this.isCurrent(now);
    $('shown').textContent = `${now.generation} · ${current ? 'current · ' : ''}${accuracy(now.accuracy.distilled)} · ${moment(now.time)}`;
    $('generation').setAttribute('aria-valuetext', `generation ${now.generation}, ${current ? 'current, ' : ''}${accuracy(now.accuracy.distilled)}`);
    $('before-caption').textContent = before ? `Generation ${before.generation}, the one before` : 'No kept generation before it';
    $('after-caption').textContent = `Generation ${now.generation}`;
    const base = path('feeds', this.feed, 'generations', now.generation, 'set');
    $('downloads').replaceChildren(...Object.entries(FORMATS).map(([format, words]) =>
      element('a', {class: 'button', href: `${base}?format=${format}`, download: ''}, words)));
    $('snippet').textContent = this.snippet(now.generation);
  }

  pair(name, previous, after) {
    return element(
      'figure',
      {},
      element('figcaption', {}, name),
      this.pictures('before', name, previous),
      this.pictures('after', name, after));
  }

  pictures(side, name, manifest) {
    const place = element('div', {class: `pictures ${side}`});
    const index = manifest ? manifest.classes.indexOf(name) : -1;
    if (index < 0) {
      place.classList.add('none');
      return place;
    }
    const perClass = manifest['images-per-class'];
    for (let i = 0; i < Math.min(perClass, SHOWN_PER_CLASS); i++) {
      place.append(element('img', {
        src: path('feeds', this.feed, 'generations', manifest.generation, 'images', index * perClass + i),
        alt: `synthetic image ${i + 1} of class ${name}, generation ${manifest.generation}`,
        loading: 'lazy',
      }));
    }
    return place;
  }

  snippet(generation) {
    return `import io, json, urllib.request
import numpy as np

base = "${location.origin}/${path('feeds', this.feed, 'generations', generation)}"
fetch = lambda url: urllib.request.urlopen(url).read()
data = np.load(io.BytesIO(fetch(base + "/set?format=npz")))
images, labels = data["images"], data["labels"]  # float32: [n,C,H,W], normalised, and probabilities [n,K]
manifest = json.loads(fetch(base))  # classes, normalisation, and the student to train with them
print(images.shape, labels.shape, manifest["classes"], manifest["student"])`;
  }

  quality() {
    const oldestFirst = [...this.generations].reverse();
    $('no-quality').hidden = oldestFirst.length > 0;
    $('quality').hidden = oldestFirst.length === 0;
    if (oldestFirst.length === 0) {
      return;
    }
    const numbers = oldestFirst.map(entry => entry.generation);
    const point = (entry, kind) => ({
      x: entry.generation,
      y: entry.accuracy[kind].mean,
      spread: entry.accuracy[kind].spread,
      title: `generation ${entry.generation}, ${KINDS[kind]}: ${accuracy(entry.accuracy[kind])}`,
    });
    const last = oldestFirst[oldestFirst.length - 1];
    show($('quality').querySelector('svg'), {
      x: [numbers[0], numbers[numbers.length - 1]],
      y: [0, 1],
      xTicks: numbers.filter((unused, i) => i % Math.ceil(numbers.length / 10) === 0).map(number => [number, String(number)]),
      yText: value => `${Math.round(100 * value)} %`,
      series: Object.keys(KINDS).map(kind => ({kind, markers: true, points: oldestFirst.map(entry => point(entry, kind))})),
      label: `Accuracy by generation; of generation ${last.generation}: `
          + Object.entries(KINDS).map(([kind, words]) => `${words} ${percent(last.accuracy[kind].mean)}`).join(', '),
    });
    $('quality-table').replaceChildren(
      element('thead', {}, row('th', 'Generation', 'Distilled set', 'Random real', 'Whole sample', 'Published')),
      element('tbody', {}, ...this.generations.map(entry => row(
        'td',
        numeric(`${entry.generation}${this.isCurrent(entry) ? ' · current' : ''}`),
        ...Object.keys(KINDS).map(kind => numeric(accuracy(entry.accuracy[kind]))),
        moment(entry.time)))));
  }
}
