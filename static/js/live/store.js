/**
 * The picture's one memory: cards of emergencies by id. Queue, map and alarm all read it, so they always agree.
 *
 * It starts from the cards the page was served with (json_script "picture-data") and takes frames of the topic
 * "queue". watch('change') hears every accepted frame at once; watch('draw') hears sets of ids to draw again, each
 * object at most twice a second with the newest card winning, a P1 that nobody has taken at once, unless it is of a flood.
 */
import { inside } from './area.js';

const DRAW_EVERY = 500;
/** What is not urgent waits this long for company, so that a busy hour is drawn four times a second and not more. */
const TOGETHER = 250;
/** Nor what is urgent more often than this. */
const URGENT_EVERY = 100;
/** More in a minute from one cell are a flood. */
export const MOST = 50;
export const MINUTE = 60_000;

const element = document.getElementById('picture-data');
export const page = element ? JSON.parse(element.textContent) : null;
export const filter = page?.filter ?? {};

const entries = new Map();
export const versions = new Map();
const watchers = { change: new Set(), draw: new Set() };
const dirty = new Set();
const drawnAt = new Map();
let timer = 0;
const lately = new Map();
let urgent = false;
let flushedAt = -Infinity;
/** New objects that a text search on the server might show: only the server can tell. */
export const unjudged = new Set();

/** `at` is the receipt as a number: sorting thousands by text would parse each of them a dozen times. */
const entryOf = (id, version, card) => ({ id, version, card, at: Date.parse(card.received) });

for (const [id, version, card] of page?.emergencies ?? []) {
  entries.set(id, entryOf(id, version, card));
  versions.set(id, version);
}

export function watch(kind, hear) {
  watchers[kind].add(hear);
}

export const all = () => [...entries.values()];
export const size = () => entries.size;

export function get(id) {
  return entries.get(id);
}

export const isNew = (card) => card.state === 'new';
const OVER = ['resolved', 'closed', 'duplicate'];
export const isOpen = (card) => !OVER.includes(card.state);
export const isAlarm = (card) => card.priority === 1 && isNew(card);
export const isApart = (card) => card.signed || card.channel !== 'panic_button';

/** Half a degree, where a flood is counted (crowds.js); what has no position counts by its country. */
export const cellOf = ({ lat, lon, country }) => (
  lat === null || lon === null ? country ?? '' : `${Math.floor(lat * 2)}:${Math.floor(lon * 2)}`
);

/** Of very many from one cell in a minute none need be drawn at once. */
function arrived(card, at) {
  const cell = cellOf(card);
  if (!lately.has(cell)) lately.set(cell, []);
  const came = lately.get(cell);
  if (!isApart(card)) came.push(at);
  while (came[0] <= at - MINUTE) came.shift();
}

const crowded = (card) => !isApart(card) && lately.get(cellOf(card))?.length > MOST;
const isUrgent = (card) => Boolean(card) && isAlarm(card) && !crowded(card);
export const hasPlace = (card) => card.lat !== null && card.lon !== null;

const STATES = {
  open: isOpen,
  new: isNew,
  mine: (card) => isOpen(card) && card.desk === page.me,
  taken: (card) => isOpen(card) && !isNew(card),
  resolved: (card) => !isOpen(card),
  all: () => true,
};

const NAMES = Object.keys(STATES);

let state = filter.state ?? 'open';

export function shownState() {
  return state;
}

/** Another tab: the same cards, narrowed for queue and map alike. */
export function showState(wanted) {
  state = wanted;
  ordered = null;
  for (const id of entries.keys()) dirty.add(id);
  drawnAt.clear();
  flush();
}

function inCrisis(card) {
  const { area, areaCountries } = filter;
  if (!area) return true;
  return hasPlace(card) ? inside(area, card.lon, card.lat) : areaCountries.includes(card.country);
}

/** The filter bar's rules (those of the server's query) on one card; the state's tab is judged apart. */
function fits(card) {
  if (filter.priority && card.priority !== filter.priority) return false;
  if (filter.country && card.country !== filter.country) return false;
  if (filter.mission && card.mission !== filter.mission) return false;
  if (!isOpen(card) && !['resolved', 'all'].includes(filter.state)) return false;
  return inCrisis(card);
}

export function isShown(entry) {
  return STATES[state](entry.card);
}

/** Not taken, then priority, then oldest: the order of the server's query. */
export function compare(a, b) {
  const rank = (card) => (isNew(card) ? 0 : isOpen(card) ? 1 : 2);
  return rank(a.card) - rank(b.card) || a.card.priority - b.card.priority
    || a.at - b.at || (a.id < b.id ? -1 : 1);
}

let ordered = null;

/** The entries of the present tab in the order of the queue; not to be changed by who reads it. */
export function shown() {
  ordered ??= [...entries.values()].filter(isShown).sort(compare);
  return ordered;
}

export function counts() {
  const found = { open: 0, new: 0, mine: 0, taken: 0, resolved: 0, all: 0, shown: 0, placed: 0 };
  for (const { card } of entries.values()) {
    for (const name of NAMES) if (STATES[name](card)) found[name] += 1;
    if (STATES[state](card)) {
      found.shown += 1;
      if (hasPlace(card)) found.placed += 1;
    }
  }
  return found;
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  urgent = false;
  const at = performance.now();
  flushedAt = at;
  const due = new Set();
  let next = Infinity;
  for (const id of dirty) {
    const card = entries.get(id)?.card;
    const ready = isUrgent(card) ? 0 : (drawnAt.get(id) ?? -Infinity) + DRAW_EVERY;
    if (ready <= at) due.add(id);
    else next = Math.min(next, ready);
  }
  for (const id of due) {
    dirty.delete(id);
    drawnAt.set(id, at);
  }
  if (drawnAt.size > 2000) for (const [id, when] of drawnAt) if (when + DRAW_EVERY < at) drawnAt.delete(id);
  if (next < Infinity) timer = setTimeout(flush, next - at);
  if (due.size) watchers.draw.forEach((hear) => hear(due));
}

function mark(id, card) {
  dirty.add(id);
  const alarm = isUrgent(card);
  if (timer && (urgent || !alarm)) return;
  clearTimeout(timer);
  urgent = alarm;
  // Through a timer, so that a burst of frames is drawn once.
  timer = setTimeout(flush, alarm ? Math.max(0, flushedAt + URGENT_EVERY - performance.now()) : TOGETHER);
}

function put(id, version, card) {
  ordered = null;
  if (card && fits(card)) {
    if (filter.q && !entries.has(id)) unjudged.add(id);
    else entries.set(id, entryOf(id, version, card));
  } else {
    unjudged.delete(id);
    entries.delete(id);
  }
}

/** Takes one frame; an older version than the one shown is ignored, card null removes. */
export function take(frame) {
  const { id, version, card } = frame;
  if (frame.topic !== 'queue' || card === 'reload' || version < (versions.get(id) ?? 0)) return;
  if (card && !versions.has(id)) arrived(card, Date.parse(card.received));
  versions.set(id, version);
  put(id, version, card);
  watchers.change.forEach((hear) => hear(frame));
  mark(id, card);
}

if (page) document.body.addEventListener('live:frame', (event) => take(event.detail));
