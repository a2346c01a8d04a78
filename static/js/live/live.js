/**
 * The live channel of a page: one socket for its audience, numbered frames, catch-up over HTTP (ux.md 3.2, 3.3).
 *
 * On document.body it dispatches, for other modules and htmx panels:
 *   live:frame            every frame, once, in order (detail = the frame)
 *   live:object:<id>      the same, by object
 *   live:topic:<word>     the first word of its topic (queue, crisis, ...), at most every 250 ms
 *   live:state            {state: connected | reconnecting | broken | offline, attempt, every, at, head, since}
 */
import { now } from '../ui/clock.js';
import * as ticket from './ticket.js';

const HEARTBEAT_LATE = 12_000;
const OFFLINE_AFTER = 20_000;
const PULL_EVERY = 3_000;
const SLOW_PULL_EVERY = 10_000;
const SLOW_AFTER_ATTEMPTS = 5;
const PANEL_PAUSE = 250;
const RETRY = { from: 1_000, to: 15_000 };
const RELOAD_SPREAD = 5_000;
const REFUSED = 4403;
// The most frames that an answer may bring.
const LARGEST_PAGE = '1000';

const body = document.body;
const { live, sinceUrl, audience } = body.dataset;
let { epoch } = body.dataset;
let last = Number(body.dataset.head);
let socket = null;
let everConnected = false;
let attempt = 0;
let heardAt = 0;
let triedAt = 0;
let contactAt = now();
let pulledAt = 0;
let pulling = null;
let retryTimer = 0;
let reloading = false;
let refreshing = false;
const topics = new Map();

function tell(name, detail) {
  body.dispatchEvent(new CustomEvent(name, { detail }));
}

function tellTopic(topic) {
  const word = topic.split(':', 1)[0];
  if (topics.has(word)) return;
  topics.set(word, setTimeout(() => {
    topics.delete(word);
    tell(`live:topic:${word}`);
  }, PANEL_PAUSE));
}

/** Draws one frame if it is the next one; false means something before it is missing. */
function take(frame) {
  if (frame.seq <= last) return true;
  if (frame.prev > last) return false;
  last = frame.seq;
  if (frame.card === 'reload') refresh();
  tell('live:frame', frame);
  tell(`live:object:${frame.id}`, frame);
  tellTopic(frame.topic);
  return true;
}

/** Asks for everything after `last`, page by page; resolves to true when nothing is missing any more. */
function pull() {
  pulling ??= fetchSince().catch(() => false).finally(() => { pulling = null; });
  return pulling;
}

async function fetchSince() {
  pulledAt = now();
  for (;;) {
    const query = new URLSearchParams({ after: String(last), limit: LARGEST_PAGE, audience, epoch });
    const answer = await ticket.ask(`${sinceUrl}?${query}`, { headers: { Accept: 'application/json' }, redirect: 'manual' });
    if (answer.status === 410) return refresh();
    if (answer.status === 403 || answer.type === 'opaqueredirect') return reload();
    if (!answer.ok) return false;
    const page = await answer.json();
    page.frames.forEach(take);
    contactAt = now();
    if (!page.more) return last >= page.head;
  }
}

/** The picture takes everything current in one answer; any other page is loaded anew. */
function refresh() {
  if (refreshing) return false;
  refreshing = true;
  setTimeout(async () => {
    const found = await import('./snapshot.js').then(({ draw }) => draw(live, audience)).catch(() => null);
    refreshing = false;
    if (found) {
      ({ epoch, head: last } = found);
      ['queue', 'crisis'].forEach(tellTopic);
    } else reload();
  }, Math.random() * RELOAD_SPREAD);
  return false;
}

function unsent() {
  return [...document.querySelectorAll('textarea, input:not([type=hidden], [type=search])')]
    .some((field) => field.type !== 'checkbox' && field.type !== 'radio' && field.value !== field.defaultValue);
}

/** Loads the page anew, spread over some seconds, and never over text somebody has not sent yet. */
function reload() {
  if (reloading) return false;
  reloading = true;
  const again = () => (unsent() ? setTimeout(again, RELOAD_SPREAD) : location.reload());
  setTimeout(again, Math.random() * RELOAD_SPREAD);
  return false;
}

async function heartbeat(beat) {
  everConnected = true;
  heardAt = contactAt = now();
  if (beat.ticket) ticket.keep(beat.ticket);
  if (beat.epoch !== epoch) return refresh();
  const whole = beat.head <= last || await pull();
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ack: last }));
  // Back to neutral only when the gap is filled.
  if (!whole) return undefined;
  attempt = 0;
  return tell('live:state', { state: 'connected', at: beat.at, head: last });
}

function hear(text) {
  const message = JSON.parse(text);
  if (!Array.isArray(message) && 'head' in message) return heartbeat(message);
  const frames = Array.isArray(message) ? message : [message];
  if (!frames.every(take)) pull();
  contactAt = now();
  return undefined;
}

function connect() {
  clearTimeout(retryTimer);
  triedAt = now();
  const address = new URL(live, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  address.searchParams.set('audience', audience);
  const ticketed = ticket.use(address.searchParams);
  const mine = new WebSocket(address);
  socket = mine;
  mine.addEventListener('message', (event) => { if (mine === socket) hear(event.data); });
  mine.addEventListener('close', (event) => { if (mine === socket) lost(event.code, ticketed); });
}

/** Every close code is retried; a withdrawn right loads the page anew, which asks for sign-in where it must. */
function lost(code, ticketed) {
  socket = null;
  heardAt = 0;
  if (code === REFUSED && ticketed) ticket.keep('');
  else if (code === REFUSED && everConnected) reload();
  attempt += 1;
  const longest = Math.min(RETRY.to, RETRY.from * 2 ** attempt);
  retryTimer = setTimeout(connect, RETRY.from + Math.random() * (longest - RETRY.from));
  watch();
}

/** Once a second: is the socket alive, is a pull due, and what does the strip say? */
function watch() {
  const at = now();
  if (heardAt && at - heardAt <= HEARTBEAT_LATE) return;
  if (socket && at - Math.max(heardAt, triedAt) > HEARTBEAT_LATE) {
    const hanging = socket;
    socket = null;
    hanging.close();
    lost(0, false);
    return;
  }
  const slow = attempt > SLOW_AFTER_ATTEMPTS;
  if (at - pulledAt >= (slow ? SLOW_PULL_EVERY : PULL_EVERY)) pull();
  const quiet = at - contactAt;
  const state = quiet > OFFLINE_AFTER ? 'offline' : slow ? 'broken' : 'reconnecting';
  tell('live:state', {
    state, attempt, every: SLOW_PULL_EVERY / 1000, at: contactAt, head: last, since: contactAt,
  });
}

setInterval(watch, 1000);
window.addEventListener('online', () => { if (!socket) connect(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) watch(); });
window.addEventListener('pageshow', (event) => { if (event.persisted) pull(); });
connect();
