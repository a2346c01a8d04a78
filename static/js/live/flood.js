/**
 * The alarm flood and the silenced alarms (ux.md 3.5), loaded when there are any: over ten P1 and P2 in ten minutes for
 * each desk on duty are a flood. Then alarms are grouped by crisis, else by country, a group sounds once, and a banner
 * says how many there are.
 */
import { fill } from '../ui/bind.js';
import { now } from '../ui/clock.js';
import { spaced } from '../ui/spaced.js';
import { inside } from './area.js';
import { word } from './row.js';
import { all, isApart, isNew, page } from './store.js';

const { desks, window: seconds, most } = page.flood;
const nf = new Intl.NumberFormat(document.documentElement.lang);
const crises = new Map(page.crises.map((crisis) => [crisis.slug, crisis]));
const shelved = new Set(all().filter(({ card }) => card.shelved && isNew(card)).map(({ id }) => id));
/** The groups that have sounded in this flood. */
const sounded = new Set();
let arrivals = [];
let known = new WeakMap();

/** The crisis in whose area the place lies, else its country: {key, name}. Reckoned once, until a crisis changes. */
function groupOf(card) {
  if (!known.has(card)) known.set(card, { ...foundGroup(card), apart: Boolean(card.channel) && isApart(card) });
  return known.get(card);
}

function foundGroup({ lat, lon, country }) {
  for (const { slug, name, area } of crises.values()) {
    if (lat !== null && lon !== null && inside(area, lon, lat)) return { key: `crisis:${slug}`, name };
  }
  return { key: `country:${country ?? ''}`, name: word('countries', country ?? '') };
}

function isFlood() {
  const since = now() - seconds * 1000;
  if (arrivals.length && Date.parse(arrivals[0].received) <= since) {
    arrivals = arrivals.filter(({ received }) => Date.parse(received) > since);
  }
  return arrivals.length > most * desks;
}

/** Whether a new alarm starts the rhythm anew: in a flood only the first of its group does. */
export function isHeard(card) {
  if (!isFlood()) {
    sounded.clear();
    return true;
  }
  const group = groupOf(card);
  // Who is signed for is heard beside the flood that it came in.
  const key = `${group.key}${group.apart ? ' apart' : ''}`;
  const first = !sounded.has(key);
  sounded.add(key);
  return first;
}

/** How many, how many a desk, and the groups, the largest first. */
function drawBanner(banner) {
  banner.hidden = !isFlood();
  if (banner.hidden) return;
  const groups = new Map();
  for (const each of arrivals) {
    const { key, name } = groupOf(each);
    groups.set(key, { name, n: (groups.get(key)?.n ?? 0) + 1 });
  }
  const largest = [...groups.values()].sort((a, b) => b.n - a.n).slice(0, 4);
  write(banner, 'n', fill(banner.dataset.words, {
    n: nf.format(arrivals.length), k: nf.format(Math.ceil(arrivals.length / desks)),
  }));
  write(banner, 'groups', largest.map(({ name, n }) => `${name} ${nf.format(n)}`).join(' · '));
}

function write(parent, part, text) {
  const place = parent.querySelector(`[data-part="${part}"]`);
  if (place.textContent !== text) place.textContent = text;
}

function draw() {
  document.querySelectorAll('[data-part="flood"]').forEach(drawBanner);
  document.querySelectorAll('[data-part="shelved-count"]').forEach((chip) => {
    chip.hidden = shelved.size === 0;
    write(chip, 'n', nf.format(shelved.size));
  });
}

const drawn = spaced(draw);

/** Takes one frame of the queue. */
export function hear({ id, kind, card }) {
  if (kind === 'emergency.received' && card && card.priority <= 2) arrivals.push(card);
  if (card?.shelved && isNew(card)) shelved.add(id);
  else shelved.delete(id);
  drawn();
}

document.body.addEventListener('live:frame', ({ detail: { kind, id, card } }) => {
  if (!kind.startsWith('crisis.') || card === 'reload') return;
  if (card?.open) crises.set(id, { slug: id, name: crises.get(id)?.name ?? id, area: card.area });
  else crises.delete(id);
  known = new WeakMap();
});
/** Begins with what arrived before this was loaded. */
export function start(before) {
  arrivals = before;
  document.addEventListener('clock:tick', draw);
  draw();
}
