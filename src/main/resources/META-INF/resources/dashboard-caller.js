// Who looks at the page, and what they may do; what they may not is not offered.

import {call, path} from './dashboard-service.js';

const $ = id => document.getElementById(id);
const holds = (scope, feed) => scope.all || scope.feeds.includes(feed);

export class Caller {
  constructor() {
    this.forget();
  }

  forget() {
    this.me = null;
  }

  async ask() {
    this.me = await call(path('me'));
  }

  /** Whether this feed may be operated; nobody may before it is known who looks. */
  operates(feed) {
    return this.me !== null && holds(this.me.operates, feed);
  }

  /** Whether there are feeds that are none of theirs, and metrics, which are of all, are not either. */
  readsOnlySome() {
    return this.me !== null && !this.me.reads.all;
  }

  /** Says who is signed in, and as what of this feed (null: none is chosen). */
  tell(feed) {
    const name = this.me && this.me.name;
    $('who').hidden = !name;
    if (name) {
      $('who').textContent = `${name}${feed === null ? '' : `, ${this.operates(feed) ? 'operator' : 'reader'}`}`;
      $('who').title = `Signed in with ${this.me.roles.join(', ')}`;
    }
  }
}
