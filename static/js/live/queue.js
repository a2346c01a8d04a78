/**
 * The queue: keyed rows drawn from cards alone (ux.md 4.1).
 *
 * Nothing moves under the pointer: while the list has focus or hover new rows wait behind "3 baru", and rows that
 * changed stay where they are. A P1 that nobody has taken enters the pinned band at once; a flood is a card.
 */
import { bind, fill } from '../ui/bind.js';
import { hours, now, tick } from '../ui/clock.js';
import { say } from '../ui/say.js';
import { fillRow, makeRow } from './row.js';
import { keys } from './queue-keys.js';
import * as store from './store.js';

const STEP = 200;
const BAND = 60;
const nf = new Intl.NumberFormat(document.documentElement.lang);

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

bind('queue', (root) => {
  if (!store.page) return;
  const band = root.querySelector('[data-part="band"]');
  const list = root.querySelector('[data-part="list"]');
  const scroll = root.querySelector('[data-part="scroll"]');
  const more = root.querySelector('[data-part="more"]');
  const rest = root.querySelector('[data-part="rest"]');
  const rows = new Map();
  const waiting = new Set();
  let cards = { hidden: new Set(), opened: new Set(), grown: () => 0 };
  let loading = null;
  let hovered = false;
  let limit = STEP;

  root.querySelectorAll('.queue-row:not(.queue-crowd)').forEach((row) => rows.set(row.dataset.id, row));

  const held = () => hovered || Boolean(document.activeElement?.closest('.queue-row'));
  const inBand = (entry) => store.isAlarm(entry.card);

  function row(entry) {
    const known = rows.get(entry.id);
    if (known) return known;
    const made = makeRow(root, entry);
    rows.set(entry.id, made);
    return made;
  }

  /** Puts exactly these rows into the list, in this order, moving as few as it can. */
  function place(parent, entries) {
    const keep = new Set(entries.map((entry) => entry.id));
    for (const old of [...parent.children]) if (!keep.has(old.dataset.id)) old.remove();
    let cursor = parent.firstElementChild;
    for (const entry of entries) {
      const element = row(entry);
      if (element === cursor) cursor = cursor.nextElementSibling;
      else parent.insertBefore(element, cursor);
    }
  }

  /** The whole order anew; a focused row keeps focus and its place on the screen. */
  function layout() {
    const focused = document.activeElement?.closest('.queue-row');
    const inner = focused && document.activeElement;
    const top = focused?.getBoundingClientRect().top;
    const { hidden, opened } = cards;
    const entries = store.shown();
    const standing = entries.filter(({ id }) => !hidden.has(id));
    const pinned = standing.filter(inBand).slice(0, BAND);
    const above = new Set(pinned);
    const others = [...entries.filter(({ id }) => opened.has(id)), ...standing.filter((entry) => !above.has(entry))];
    waiting.clear();
    scroll.style.paddingBottom = '';
    place(band, pinned);
    place(list, others.slice(0, limit));
    const present = new Set([...band.children, ...list.children]);
    for (const [id, element] of rows) if (!present.has(element)) rows.delete(id);
    if (focused?.isConnected) {
      inner.focus({ preventScroll: true });
      scroll.scrollTop += focused.getBoundingClientRect().top - top;
    }
    rest.hidden = others.length <= limit;
    if (band.scrollHeight > band.clientHeight) band.tabIndex = 0;
    else band.removeAttribute('tabindex');
    root.dispatchEvent(new CustomEvent('queue:laid'));
  }

  /** A new P1 while the list is held: the band grows and the list scrolls by as much, so no row moves. */
  function pin(entry) {
    const before = band.offsetHeight;
    const element = row(entry);
    element.classList.add('is-new');
    // Its height is wanted now: of a row that was never painted it would be a guess.
    element.style.contentVisibility = 'visible';
    band.append(element);
    // Room to scroll into, for a list that is shorter than its window.
    scroll.style.paddingBottom = `${scroll.clientHeight}px`;
    scroll.scrollTop += band.offsetHeight - before;
  }

  function drawHeld(id) {
    const entry = store.get(id);
    const element = rows.get(id);
    const wanted = Boolean(entry) && store.isShown(entry) && !cards.hidden.has(id);
    element?.classList.toggle('is-gone', !entry);
    if (element || !wanted) {
      waiting.delete(id);
    } else if (inBand(entry)) {
      pin(entry);
    } else {
      waiting.add(id);
    }
  }

  function counters() {
    const n = store.counts();
    document.querySelectorAll('[data-count]').forEach((place) => write(place, nf.format(n[place.dataset.count] ?? 0)));
    const line = document.querySelector('[data-part="result"]');
    if (line) {
      write(line, fill(line.dataset.words, {
        n: nf.format(n.shown), m: nf.format(n.placed), k: nf.format(n.shown - n.placed),
      }));
    }
    more.hidden = waiting.size === 0;
    write(more.querySelector('[data-part="n"]'), nf.format(waiting.size));
    const asked = document.querySelector('[data-part="unjudged"]');
    if (asked) {
      asked.hidden = store.unjudged.size === 0;
      asked.querySelector('[data-part="n"]').textContent = nf.format(store.unjudged.size);
    }
    empty(n.shown);
  }

  /** Empty is said only while the data is known to be fresh; else it is unknown. */
  let fresh = true;
  let checked = now();
  function empty(shown) {
    const none = root.querySelector('[data-part="empty"]');
    const unknown = root.querySelector('[data-part="unknown"]');
    none.hidden = shown > 0 || !fresh;
    unknown.hidden = shown > 0 || fresh;
    root.querySelectorAll('[data-part="checked"]').forEach((time) => write(time, hours(checked, { seconds: true })));
  }

  /** Cards are counted in a held list too. */
  function count() {
    const grown = cards.grown();
    if (held()) scroll.scrollTop += grown;
    if (loading || store.size() <= store.MOST) return;
    loading = import('./crowd-cards.js').then(({ Cards }) => {
      cards = new Cards(root, whole);
      draw([]);
    });
  }

  function whole() {
    layout();
    tick(root);
  }

  function draw(ids) {
    count();
    for (const id of ids) {
      const entry = store.get(id);
      const element = rows.get(id);
      if (element && entry) fillRow(root, element, entry);
    }
    if (held()) ids.forEach(drawHeld);
    else layout();
    counters();
    tick(root);
  }

  function release() {
    const n = waiting.size;
    layout();
    counters();
    tick(root);
    if (n) say(fill(more.dataset.said, { n }));
  }

  const settle = () => { if (!held() && (waiting.size || root.querySelector('.is-gone'))) release(); };
  root.addEventListener('pointerenter', (event) => { hovered = event.pointerType === 'mouse'; });
  root.addEventListener('pointerleave', () => { hovered = false; settle(); });
  root.addEventListener('focusout', () => setTimeout(settle, 0));
  more.addEventListener('click', () => {
    release();
    scroll.scrollTop = 0;
  });
  rest.addEventListener('click', () => {
    limit += STEP;
    layout();
  });
  document.body.addEventListener('live:state', (event) => {
    fresh = event.detail.state === 'connected' || now() - event.detail.at < 12_000;
    if (event.detail.state === 'connected') checked = Date.parse(event.detail.at);
    empty(store.counts().shown);
  });

  keys(root, { release, layout });
  store.watch('draw', draw);
  root.querySelectorAll('.queue-row').forEach((element) => {
    const entry = store.get(element.dataset.id);
    if (entry) fillRow(root, element, entry);
  });
  count();
  if (!root.querySelector('.queue-crowd')) layout();
  counters();
});
