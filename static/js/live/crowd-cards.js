/** The cards of floods: each says how many it stands for, and opens to their rows by click, Enter or its address. */
import { fill } from '../ui/bind.js';
import { crowds } from './crowds.js';
import { word } from './row.js';
import * as store from './store.js';

const nf = new Intl.NumberFormat(document.documentElement.lang);
/** The page holds the first ones only: at least so many. */
const least = store.page.clusters ? '+' : '';

export class Cards {
  constructor(root, changed) {
    this.root = root;
    this.list = root.querySelector('[data-part="crowds"]');
    this.template = root.querySelector('template[data-kind="crowd"]');
    this.open = new Set(new URLSearchParams(location.search).getAll('crowd'));
    this.list.addEventListener('click', (event) => {
      const row = event.target.closest('.queue-crowd');
      if (!row || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (!this.open.delete(row.dataset.cell)) this.open.add(row.dataset.cell);
      this.#state(row);
      changed();
    });
  }

  /** Counts anew from what the store holds; by how much the cards grew on the screen. */
  grown() {
    const { cards, hidden } = crowds(store.all());
    this.hidden = hidden;
    this.cards = cards;
    const before = this.list.offsetHeight;
    this.draw(cards.filter(({ ids }) => store.isShown(store.get(ids[0]))));
    return this.list.offsetHeight - before;
  }

  /** The ids of those whose card is open. */
  get opened() {
    return new Set(this.cards.filter(({ cell }) => this.open.has(cell)).flatMap(({ ids }) => ids));
  }

  draw(cards) {
    const known = new Map([...this.list.children].map((row) => [row.dataset.cell, row]));
    for (const { cell, ids, at, priority, country } of cards) {
      const row = known.get(cell) ?? this.#made(cell);
      known.delete(cell);
      this.#write(row, 'what', fill(row.dataset.words, { n: nf.format(ids.length) + least }));
      this.#write(row, 'where', word('countries', country ?? ''));
      const badge = row.querySelector('.prio');
      if (badge.dataset.priority !== String(priority)) {
        badge.dataset.priority = priority;
        badge.querySelector('b').textContent = `P${priority}`;
        badge.querySelector('.vh').textContent = word('priorities', priority);
      }
      const time = row.querySelector('.queue-age');
      const since = new Date(at).toISOString();
      if (Date.parse(time.dataset.since) !== at) Object.assign(time.dataset, { since });
    }
    for (const gone of known.values()) gone.remove();
  }

  #made(cell) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.dataset.cell = cell;
    row.dataset.id = `crowd:${cell}`;
    const here = new URL(location.href);
    here.searchParams.set('crowd', cell);
    row.querySelector('a').href = here.search;
    this.#state(row);
    this.list.append(row);
    return row;
  }

  #state(row) {
    const open = this.open.has(row.dataset.cell);
    row.querySelector('a').setAttribute('aria-expanded', String(open));
    this.#write(row, 'show', open ? row.dataset.hide : row.dataset.show);
  }

  #write(row, part, text) {
    const place = row.querySelector(`[data-part="${part}"]`);
    if (place.textContent !== text) place.textContent = text;
  }
}
