// Images a second, taken and rejected, over the last two minutes as this page has seen them.

import {show} from './dashboard-charts.js';
import {rate} from './dashboard-words.js';

const SECOND = 1000;
const SHOWN = 120;
const SMOOTH = 5;

export class Rates {
  constructor() {
    this.clear();
  }

  /** After a lost connection a jump would look like a burst. */
  clear() {
    this.counts = null;
    this.marks = [];
  }

  take(images, rejected) {
    this.counts = {images, rejected};
  }

  /** Once a second. */
  mark() {
    if (this.counts) {
      this.marks.push({time: Date.now(), ...this.counts});
      this.marks = this.marks.filter(mark => mark.time > Date.now() - (SHOWN + SMOOTH) * SECOND);
    }
  }

  at(index, what) {
    const now = this.marks[index];
    const before = this.marks[Math.max(0, index - SMOOTH)];
    return now === before ? 0 : Math.max(0, now[what] - before[what]) / ((now.time - before.time) / SECOND);
  }

  /** {images, rejected} a second; null before two marks. */
  now() {
    const last = this.marks.length - 1;
    return last < 1 ? null : {images: this.at(last, 'images'), rejected: this.at(last, 'rejected')};
  }

  draw(svg) {
    const points = what => this.marks
        .map((mark, index) => ({x: (mark.time - Date.now()) / SECOND, y: this.at(index, what)}))
        .slice(1)
        .filter(point => point.x >= -SHOWN);
    const series = [{kind: 'distilled', points: points('images')}, {kind: 'rejected', points: points('rejected')}];
    const top = Math.max(1, ...series.flatMap(({points: all}) => all.map(point => point.y)));
    const now = this.now() || {images: 0, rejected: 0};
    show(svg, {
      x: [-SHOWN, 0],
      y: [0, top * 1.1],
      xTicks: [[-120, '2 minutes ago'], [-60, '1 minute'], [0, 'now']],
      yText: value => rate(value),
      series,
      label: `Images a second over two minutes: now ${rate(now.images)} in, ${rate(now.rejected)} rejected`,
    });
  }
}
