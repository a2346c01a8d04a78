/**
 * The request for help as this device keeps it: one client_id from the press until the server has answered, sent again
 * for ever (reliability.md 3.1). It outlives the tab, and the service worker sends it too: nothing here needs a page.
 */
import { register, signed } from './sos-key.js';
import { keep, kept, listen } from './sos-store.js';

const LARGEST = 1900;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 40;
const NEEDED = ['client_id', 'pressed_at', 'kind'];
const REST = ['location', 'country', 'place', 'message', 'phone', 'name', 'language', 'silent'];

/** crypto.randomUUID exists only on secure origins; the request must go out on any. */
export const uuid = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

const bytes = (value) => new TextEncoder().encode(JSON.stringify(value)).length;
const item = (to, body) => ({ key: uuid(), to, body });

/** A long message goes in parts after the request. */
function apart({ report: { message, ...report }, ...state }) {
  const parts = message.match(/[^]{1,600}/gu) ?? [];
  return { ...state, report, outbox: [...state.outbox, ...parts.map((text) => item('messages', { client_id: uuid(), text }))] };
}

export class Box extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.state = null;
    this.tries = 0;
    this.waited = 0;
    this.reachable = true;
  }

  get sent() { return this.state?.answer ?? null; }
  get unsent() { return this.state?.outbox ?? []; }
  get idle() { return !this.state || Boolean(this.sent && !this.unsent.length); }

  /** What is kept, and from now on what other tabs and the worker make of it. */
  async open() {
    listen(this.url, () => this.#read());
    await this.#read();
  }

  async #read() {
    this.state = await kept(this.url);
    this.#tell();
  }

  async #change(change) {
    this.state = await keep(this.url, (state) => change(state) || state);
    this.#tell();
  }

  #tell() { this.dispatchEvent(new Event('change')); }

  /** Begins a request; whatever else the page knows goes along. Two tabs that press together begin one. */
  async press(report) {
    let fresh = { report: { client_id: uuid(), pressed_at: new Date().toISOString(), ...report }, answer: null, outbox: [] };
    if (report.message && bytes(fresh.report) > LARGEST) fresh = apart(fresh);
    await this.#change((state) => state ?? fresh);
    this.wake();
  }

  /** A message waits here until the server has it. */
  write(text) { return this.#queue('messages', { client_id: uuid(), text }); }

  /** Officers are told not to call. */
  silence() { return this.#queue('silent', { silent: true }); }

  /** Only the newest fix is worth sending. It also goes apart: a first try without it may have been stored already. */
  async place(location) {
    await this.#change((state) => {
      if (!state) return null;
      const report = { ...state.report, location };
      const outbox = [...state.outbox.filter(({ to }) => to !== 'positions'), item('positions', location)];
      return { ...state, outbox, report: state.answer || bytes(report) > LARGEST ? state.report : report };
    });
    this.wake();
  }

  async cancel() {
    await this.#change((state) => state && { ...state, cancelled: true });
    return this.#queue('cancel', {});
  }

  async forget() {
    this.state = await keep(this.url, () => null);
    this.#tell();
  }

  async #queue(to, body) {
    await this.#change((state) => state && { ...state, outbox: [...state.outbox, item(to, body)] });
    this.wake();
  }

  /** Tries now; while a try is under way the next one follows it. */
  wake() {
    clearTimeout(this.timer);
    if (this.busy || this.idle) return;
    this.busy = true;
    this.#work().finally(() => { this.busy = false; });
  }

  async #work() {
    const done = await this.#alone();
    if (done !== undefined) {
      this.reachable = done;
      this.tries = done ? 0 : this.tries + 1;
    }
    this.#tell();
    const wait = done ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.tries, 5));
    this.timer = setTimeout(() => this.wake(), wait * (0.5 + Math.random() / 2));
  }

  /** Everything that waits, for the worker; throws when something is left, so that the browser calls again. */
  async drain() {
    await this.#read();
    while (!this.idle && await this.#alone());
    if (!this.idle) throw new Error('unsent');
  }

  /** One step by one sender at a time; undefined when another tab is at it. */
  #alone() {
    const step = async () => {
      await this.#read();
      if (this.idle) return true;
      return this.sent ? this.#sendNext() : this.#sendReport();
    };
    // A tab that never lets go (the browser froze it) only delays the others: the server knows a repeat.
    if (!navigator.locks || this.waited > PATIENCE) return step();
    return navigator.locks.request(`sos:${this.url}`, { ifAvailable: true }, (lock) => {
      this.waited = lock ? 0 : this.waited + 1;
      return lock ? step() : undefined;
    });
  }

  async #sendReport() {
    const { report } = this.state;
    const answer = await this.request('', report);
    if (!answer) return false;
    if (!answer.ok) return this.#repair(answer);
    const told = await answer.json().catch(() => null);
    if (!told?.number || !told.token) return false;
    await this.#change((state) => state?.report.client_id === report.client_id && { ...state, answer: told });
    return true;
  }

  /** What the server refuses is left out: a bad field never costs an emergency. True when it is worth trying at once. */
  async #repair(answer) {
    const before = JSON.stringify(this.state.report);
    const { errors = [] } = answer.status === 422 ? await answer.json().catch(() => ({})) : {};
    await this.#change((state) => {
      if (!state) return null;
      if (answer.status === 413 && state.report.message) return apart(state);
      const report = { ...state.report };
      if (answer.status === 413) for (const name of REST) delete report[name];
      for (const { field } of errors) drop(report, String(field).split('.'));
      return { ...state, report };
    });
    return JSON.stringify(this.state?.report) !== before;
  }

  async #sendNext() {
    const [{ key, to, body }] = this.unsent;
    const answer = await this.request(`/${this.sent.number}/${to}`, body);
    // Refused for good: it would only block what waits behind it.
    const over = answer && (answer.ok || [400, 404, 413, 422].includes(answer.status));
    if (!over) return false;
    if (!answer.ok && to === 'messages') this.dispatchEvent(new CustomEvent('refused', { detail: body.text }));
    await this.#change((state) => state && { ...state, outbox: state.outbox.filter((other) => other.key !== key) });
    return true;
  }

  /** The citizen's view, null without an answer, false when the server does not know this emergency. */
  async look() {
    const answer = await this.request(`/${this.sent.number}`);
    if (this.reachable !== Boolean(answer)) {
      this.reachable = Boolean(answer);
      this.#tell();
    }
    if (answer?.status === 404) return false;
    return answer?.ok ? answer.json().catch(() => null) : null;
  }

  /** The server lost it (an older copy was restored): it is told again, under the same client_id. */
  async again() {
    await this.#change((state) => state && { ...state, answer: null });
    this.wake();
  }

  /** Lets this device be known before anybody needs it; the first request for help is signed, nothing else. */
  register() {
    return register(this.url.replace(/emergencies$/, 'devices'));
  }

  async request(path, body, more) {
    const text = body && JSON.stringify(body);
    const headers = body ? { 'Content-Type': 'application/json', ...more, ...(path ? {} : await signed(text)) } : {};
    if (this.sent) headers.Authorization = `Bearer ${this.sent.token}`;
    const limit = new AbortController();
    const clock = setTimeout(() => limit.abort(), 15_000);
    try {
      const options = { headers, signal: limit.signal, cache: 'no-store', credentials: 'omit' };
      if (body) Object.assign(options, { method: 'POST', body: text, keepalive: true });
      const answer = await fetch(this.url + path, options);
      if ([428, 429].includes(answer.status)) {
        const { heed } = await import('./sos-work.js');
        return this.request(path, body, await heed(answer));
      }
      return answer.status >= 500 || [408, 425].includes(answer.status) ? null : answer;
    } catch {
      return null;
    } finally {
      clearTimeout(clock);
    }
  }
}

function drop(report, [name, part]) {
  if (name === 'client_id') report.client_id = uuid();
  else if (name === 'pressed_at') report.pressed_at = new Date().toISOString();
  else if (name === 'kind') report.kind = 'panic';
  else if (name === 'location' && part === 'accuracy_m' && report.location) delete report.location.accuracy_m;
  else if (REST.includes(name)) delete report[name];
  else for (const key of Object.keys(report)) if (![...NEEDED, ...REST].includes(key)) delete report[key];
}
