/**
 * The server's clock in the browser. The device clock may be minutes wrong, so every age and countdown uses the
 * difference that the page brought with it (data-now on <html>), corrected by each heartbeat through sync().
 */

const WIB = 7 * 3600e3;
const root = document.documentElement;
const words = (root.dataset.ageWords ?? '').split('|');
const colon = root.dataset.timeSeparator ?? '.';

let offset = firstOffset();

function firstOffset() {
  const served = Date.parse(root.dataset.now ?? '');
  if (Number.isNaN(served)) return 0;
  const [visit] = performance.getEntriesByType('navigation');
  const since = visit?.responseStart ? performance.now() - visit.responseStart : 0;
  return served - (Date.now() - since);
}

/** Milliseconds since 1970 by the server's clock. */
export function now() {
  return Date.now() + offset;
}

/** Takes a fresh server time; the smallest delay seen is closest to the truth, so only larger jumps pull back. */
export function sync(at) {
  const served = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(served)) return;
  const found = served - Date.now();
  if (found > offset || offset - found > 1000) offset = found;
}

const two = (n) => String(n).padStart(2, '0');

/** "03.05", with seconds "03.05.12"; shift in milliseconds from UTC. */
export function hours(moment, { seconds = false, shift = WIB } = {}) {
  const date = new Date(moment + shift);
  const parts = [date.getUTCHours(), date.getUTCMinutes()];
  if (seconds) parts.push(date.getUTCSeconds());
  return parts.map(two).join(colon);
}

const put = (pattern, ...values) => values.reduce((text, value) => text.replace('{}', value), pattern ?? '{}');

/** "4 mnt", "1 j 12 m", "3 hr": the same steps as the server's commandcenter.wording.age_text. */
export function short(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return put(words[0], s);
  if (s < 3600) return put(words[1], Math.floor(s / 60));
  if (s < 86400) return put(words[2], Math.floor(s / 3600), Math.floor((s % 3600) / 60));
  if (s < 60 * 86400) return put(words[3], Math.floor(s / 86400));
  return put(words[4], Math.floor(s / (30.44 * 86400)));
}

/** "00:48", "1:12:09"; over a day as short(). */
export function stopwatch(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s >= 86400) return short(s);
  const rest = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  return s < 3600 ? rest : `${Math.floor(s / 3600)}:${rest}`;
}

function ago(seconds) {
  return seconds < 5 ? words[6] : put(words[5], short(seconds));
}

const STYLES = { clock: stopwatch, short, ago };

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tickAge(element, at) {
  const seconds = (at - Date.parse(element.dataset.since)) / 1000;
  if (Number.isNaN(seconds)) return;
  if (element.dataset.threshold) return tickStale(element, seconds);
  write(element, (STYLES[element.dataset.age] ?? ago)(seconds));
  if (element.dataset.limit) element.classList.toggle('is-overdue', seconds >= Number(element.dataset.limit));
  if (!element.title) element.title = `${hours(Date.parse(element.dataset.since), { seconds: true })} WIB`;
}

function tickStale(element, seconds) {
  const stale = seconds >= Number(element.dataset.threshold);
  element.hidden = !stale;
  element.closest('[data-stale-scope]')?.classList.toggle('is-stale', stale);
  if (stale) write(element, put(element.dataset.word, short(seconds)));
}

function tickCountdown(element, at) {
  const seconds = Math.round((Date.parse(element.dataset.until) - at) / 1000);
  if (Number.isNaN(seconds)) return;
  element.classList.toggle('is-overdue', seconds < 0);
  write(element, (seconds < 0 ? '+' : '') + stopwatch(Math.abs(seconds)));
}

/** Draws every clock, age, stale mark and countdown of the page; a page may call it after it cloned rows. */
export function tick(within = document) {
  const at = now();
  within.querySelectorAll('[data-since]').forEach((element) => tickAge(element, at));
  within.querySelectorAll('[data-until]').forEach((element) => tickCountdown(element, at));
  within.querySelectorAll('[data-clock]').forEach((element) => {
    write(element, hours(at, element.dataset.clock === 'utc' ? { shift: 0 } : { seconds: true }));
  });
  document.dispatchEvent(new CustomEvent('clock:tick', { detail: at }));
}

let timer = 0;

/** Once a second while the page can be seen, once a minute while it can't (alarms come from frames, not from here). */
function start() {
  clearInterval(timer);
  tick();
  timer = setInterval(tick, document.hidden ? 60_000 : 1000);
}

document.addEventListener('visibilitychange', start);
document.addEventListener('htmx:load', (event) => tick(event.target));
start();
