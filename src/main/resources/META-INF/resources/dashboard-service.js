// The service as the page sees it: calls of the API, and one stream of events that survives a lost connection.

const API = 'api/v1';
const RETRY = 2_000;
const MOMENT = 500;
const SILENCE = 8_000;
const PATIENCE = 5_000;

export const path = (...parts) => [API, ...parts.map(encodeURIComponent)].join('/');

/** The status of calls of somebody who is not known. */
export const UNKNOWN = 401;

export class ServiceError extends Error {
  constructor(message, status, title = '') {
    super(message);
    this.status = status;
    this.title = title;
  }
}

/**
 * Calls the API; what goes wrong is thrown as one sentence. Status 0: nobody answered; UNKNOWN: also when the answer is to
 * go elsewhere and log in.
 */
export async function call(url, options = {}) {
  let response;
  try {
    // The header tells calls of this page from those another site makes a browser send.
    response = await fetch(url, {...options, redirect: 'manual', headers: {Accept: 'application/json', 'X-Requested-With': 'reflux'}});
  } catch (error) {
    throw new ServiceError(`The service at ${location.origin} does not answer.`, 0);
  }
  if (response.type === 'opaqueredirect') {
    throw new ServiceError('The service wants to be told anew who you are.', UNKNOWN);
  }
  const json = (response.headers.get('Content-Type') || '').includes('json');
  const body = json ? await response.json() : null;
  if (!response.ok) {
    const words = `${response.status} ${response.statusText}`;
    throw new ServiceError((body && body.detail) || words, response.status, (body && body.title) || words);
  }
  return body;
}

/**
 * Follows the summaries of all feeds and the reports of one. State comes whole with every event, so a new connection
 * leaves nothing to catch up with. One connection a page, because browsers allow six to a server over HTTP/1.1, all tabs
 * together.
 */
export class Stream {
  /** hears: summary(state), report(state), connection('connecting' | 'live' | 'lost' | 'refused' | 'ended'), refused(error) */
  constructor(hears) {
    this.hears = hears;
    this.feed = null;
    this.source = null;
    this.state = 'connecting';
    this.heard = Date.now();
    this.checking = false;
    // A laptop that slept, or a network that swallows, leaves a connection that never ends and never speaks.
    setInterval(() => this.state === 'live' && Date.now() - this.heard > SILENCE && this.check(), 1000);
    addEventListener('online', () => this.state === 'lost' && this.open());
    // A page that is kept in the browser's cache must not keep its connection.
    addEventListener('pagehide', () => this.close());
    addEventListener('pageshow', event => event.persisted && this.open());
  }

  follow(feed) {
    this.feed = feed;
    this.turn('connecting');
    this.open();
  }

  open() {
    this.close();
    const wish = this.feed === null ? '' : `?summaries=true&feed=${encodeURIComponent(this.feed)}`;
    const source = new EventSource(`${API}/events${wish}`);
    this.source = source;
    this.listen('summary', state => this.hears.summary(state));
    this.listen('feed', state => this.take(state));
    this.listen('expired', () => this.renew());
    source.onopen = () => {
      this.heard = Date.now();
      this.turn('live');
    };
    source.onerror = () => source === this.source && this.lose();
  }

  close() {
    clearTimeout(this.again);
    if (this.source) {
      this.source.close();
      this.source = null;
    }
  }

  listen(name, take) {
    this.source.addEventListener(name, event => {
      this.heard = Date.now();
      take(JSON.parse(event.data));
    });
  }

  take(state) {
    if (state.feed === this.feed) {
      this.hears.report(state);
    }
  }

  turn(state) {
    this.state = state;
    this.hears.connection(state);
  }

  lose() {
    this.close();
    this.turn('lost');
    this.again = setTimeout(() => this.retry(), RETRY);
  }

  /** Somebody may have logged in anew, which the next call tells. */
  renew() {
    this.close();
    this.turn('connecting');
    this.again = setTimeout(() => this.retry(), MOMENT);
  }

  /** Nobody is known to look: no further try helps until somebody logs in. */
  end() {
    this.close();
    this.turn('ended');
  }

  /** An event stream does not tell why it was refused, a call does. */
  async retry() {
    const feed = this.feed;
    try {
      await call(feed === null ? `${API}/feeds` : path('feeds', feed), {signal: AbortSignal.timeout(PATIENCE)});
    } catch (error) {
      if (feed === this.feed) {
        this.refuse(error);
      }
      return;
    }
    if (feed === this.feed) {
      this.open();
    }
  }

  refuse(error) {
    if (error.status === UNKNOWN) {
      this.end();
      return;
    }
    this.tell(error);
    this.again = setTimeout(() => this.retry(), RETRY);
  }

  /** A call got no answer, or not the one that was asked for. */
  tell(error) {
    const state = error.status === 0 ? 'lost' : 'refused';
    if (this.state !== state) {
      this.turn(state);
    }
    this.hears.refused(error);
  }

  async check() {
    if (this.checking || this.feed === null) {
      return;
    }
    this.checking = true;
    const source = this.source;
    try {
      const state = await call(path('feeds', this.feed), {signal: AbortSignal.timeout(PATIENCE)});
      if (source === this.source) {
        this.heard = Date.now();
        this.take(state);
      }
    } catch (error) {
      if (source === this.source) {
        this.lose();
      }
    } finally {
      this.checking = false;
    }
  }
}
