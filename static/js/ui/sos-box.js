/**
 * The request for help as this device keeps it: one client_id from the press until the server has answered,
 * sent again for ever (reliability.md 3.1). It outlives the tab: it lies in localStorage.
 */

const LARGEST = 1900;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const NEEDED = ['client_id', 'pressed_at', 'kind'];
const REST = ['location', 'country', 'place', 'message', 'phone', 'name', 'language', 'silent'];

/** randomUUID exists only on secure origins; the request must go out on any. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const bytes = (value) => new TextEncoder().encode(JSON.stringify(value)).length;

export class Box extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.key = `sos:${url}`;
    this.tries = 0;
    this.state = this.#load();
    this.reachable = true;
    for (const name of ['online', 'pageshow']) addEventListener(name, () => this.wake());
    document.addEventListener('visibilitychange', () => document.hidden || this.wake());
  }

  #load() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? null;
    } catch {
      return null;
    }
  }

  #keep() {
    try {
      if (this.state) localStorage.setItem(this.key, JSON.stringify(this.state));
      else localStorage.removeItem(this.key);
    } catch { /* A browser that stores nothing still sends as long as the page is open. */ }
    this.dispatchEvent(new Event('change'));
  }

  get sent() { return this.state?.answer ?? null; }
  get unsent() { return this.state?.outbox ?? []; }

  /** Begins a request; whatever else the page knows goes along. */
  press(report) {
    this.state = { report: { client_id: uuid(), pressed_at: new Date().toISOString(), ...report }, answer: null, outbox: [] };
    if (report.message && bytes(this.state.report) > LARGEST) this.#messageApart();
    this.#keep();
    this.wake();
  }

  /** A message waits here until the server has it. */
  write(text) {
    this.#queue('messages', { client_id: uuid(), text });
  }

  /** Only the newest fix is worth sending. It also goes apart: a first try without it may have been stored already. */
  place(location) {
    if (!this.state) return;
    if (!this.sent) this.state.report.location = location;
    this.state.outbox = this.unsent.filter((item) => item.to !== 'positions');
    this.#queue('positions', location);
  }

  cancel() {
    this.state.cancelled = true;
    this.#queue('cancel', {});
  }

  forget() {
    this.state = null;
    this.#keep();
  }

  #queue(to, body) {
    this.state.outbox.push({ key: uuid(), to, body });
    this.#keep();
    this.wake();
  }

  /** Tries now; while a try is under way the next one follows it. */
  wake() {
    clearTimeout(this.timer);
    if (!this.state || this.busy) return;
    this.busy = true;
    this.#work().finally(() => { this.busy = false; });
  }

  async #work() {
    const done = await (this.sent ? this.#sendNext() : this.#sendReport());
    this.reachable = done;
    this.tries = done ? 0 : this.tries + 1;
    this.dispatchEvent(new Event('change'));
    if (done && this.sent && !this.unsent.length) return;
    const wait = done ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.tries, 5));
    this.timer = setTimeout(() => this.wake(), wait * (0.5 + Math.random() / 2));
  }

  async #sendReport() {
    const answer = await this.request('', this.state.report);
    if (!answer) return false;
    if (answer.ok) {
      this.state.answer = await answer.json().catch(() => null);
      if (!this.state.answer) return false;
      this.#keep();
      return true;
    }
    const again = await this.#repair(answer);
    this.#keep();
    return again;
  }

  /** What the server refuses is left out: a bad field never costs an emergency. True when it is worth trying at once. */
  async #repair(answer) {
    const { report } = this.state;
    const before = JSON.stringify(report);
    if (answer.status === 413 && report.message) this.#messageApart();
    else if (answer.status === 413) for (const name of REST) delete report[name];
    if (answer.status === 422) {
      const { errors = [] } = await answer.json().catch(() => ({}));
      for (const { field } of errors) this.#drop(report, String(field).split('.'));
    }
    return JSON.stringify(report) !== before;
  }

  #drop(report, [name, part]) {
    if (name === 'client_id') report.client_id = uuid();
    else if (name === 'pressed_at') report.pressed_at = new Date().toISOString();
    else if (name === 'kind') report.kind = 'panic';
    else if (name === 'location' && part === 'accuracy_m' && report.location) delete report.location.accuracy_m;
    else if (REST.includes(name)) delete report[name];
    else for (const key of Object.keys(report)) if (![...NEEDED, ...REST].includes(key)) delete report[key];
  }

  #messageApart() {
    const { message } = this.state.report;
    delete this.state.report.message;
    for (let from = 0; from < message.length; from += 600) {
      this.state.outbox.push({ key: uuid(), to: 'messages', body: { client_id: uuid(), text: message.slice(from, from + 600) } });
    }
  }

  async #sendNext() {
    const [item] = this.unsent;
    if (!item) return true;
    const answer = await this.request(`/${this.sent.number}/${item.to}`, item.body);
    // Refused for good: it would only block what waits behind it.
    const over = answer && (answer.ok || [400, 404, 413, 422].includes(answer.status));
    if (!over) return false;
    if (!answer.ok && item.to === 'messages') this.dispatchEvent(new CustomEvent('refused', { detail: item.body.text }));
    this.state.outbox = this.unsent.filter((other) => other.key !== item.key);
    this.#keep();
    return true;
  }

  /** The citizen's view, null without an answer, false when the server no longer knows this emergency. */
  async look() {
    const answer = await this.request(`/${this.sent.number}`);
    if (this.reachable !== Boolean(answer)) {
      this.reachable = Boolean(answer);
      this.dispatchEvent(new Event('change'));
    }
    if (answer?.status === 404) return false;
    return answer?.ok ? answer.json().catch(() => null) : null;
  }

  async request(path, body) {
    const headers = body ? { 'Content-Type': 'application/json' } : {};
    if (this.sent) headers.Authorization = `Bearer ${this.sent.token}`;
    const limit = new AbortController();
    const clock = setTimeout(() => limit.abort(), 15_000);
    try {
      const options = { headers, signal: limit.signal, cache: 'no-store', credentials: 'omit' };
      if (body) Object.assign(options, { method: 'POST', body: JSON.stringify(body), keepalive: true });
      const answer = await fetch(this.url + path, options);
      return answer.status >= 500 || [408, 425, 429].includes(answer.status) ? null : answer;
    } catch {
      return null;
    } finally {
      clearTimeout(clock);
    }
  }
}
