/** One queue row from its card: the server's own row as a <template>, filled with text. Cards hold codes, the page words. */
import { now } from '../ui/clock.js';
import { isNew, page } from './store.js';

const { names } = page ?? { names: {} };
const BLANK = /E-0000-0{5}/g;

/** The words of a code; the code itself when the page does not know it (a mission opened since). */
export function word(table, code) {
  return names[table]?.[code] ?? String(code ?? '');
}

export const missionName = (code) => word('missions', code);

function part(row, name) {
  return row.querySelector(`[data-part="${name}"]`);
}

function write(row, name, text) {
  const place = part(row, name);
  if (place && place.textContent !== text) place.textContent = text;
}

/** A mark with its number; hidden at zero. */
function count(row, name, n) {
  const place = part(row, name);
  if (!place) return;
  place.hidden = !n;
  const digits = place.querySelector('b');
  if (digits) digits.textContent = n;
}

function icon(root, row, type) {
  if (row.dataset.type === type) return;
  row.dataset.type = type;
  const template = root.querySelector(`template[data-kind="icon-${type}"]`) ?? root.querySelector('template[data-kind="icon-other"]');
  part(row, 'icon')?.replaceChildren(template.content.cloneNode(true));
}

function priority(row, value) {
  const badge = row.querySelector('.prio');
  badge.dataset.priority = value;
  badge.querySelector('b').textContent = `P${value}`;
  const spoken = badge.querySelector('.vh');
  if (spoken) spoken.textContent = word('priorities', value);
}

function age(row, card) {
  const time = row.querySelector('.queue-age');
  if (time.dataset.since && Date.parse(time.dataset.since) === Date.parse(card.received)) return;
  time.dataset.since = card.received;
  time.dateTime = card.received;
  time.dataset.limit = page.limits[card.priority] ?? '';
  time.removeAttribute('title');
}

/** Somebody is writing on it, until the moment the card names: clock ticks hide it, no frame says that it is over. */
function lease(row, card) {
  const place = part(row, 'leased');
  if (!place) return;
  place.dataset.until = card.leased_until ?? '';
  place.hidden = !isLeased(place);
  place.title = card.leased === null ? '' : word('desks', card.leased);
}

const isLeased = ({ dataset }) => Boolean(dataset.until) && Date.parse(dataset.until) > now();

document.addEventListener('clock:tick', () => {
  document.querySelectorAll('[data-part="leased"]:not([hidden])').forEach((place) => { place.hidden = !isLeased(place); });
});

/** An age that runs from another moment; the shared clock writes it. */
function since(time, moment) {
  if (!time || !moment || Date.parse(time.dataset.since) === Date.parse(moment)) return;
  time.dataset.since = moment;
  time.dateTime = moment;
  time.removeAttribute('title');
}

/** Draws the card into the row. */
export function fillRow(root, row, { id, version, card }) {
  row.dataset.version = version;
  row.dataset.priority = card.priority;
  row.dataset.state = card.state;
  row.dataset.received = card.received;
  row.classList.toggle('is-taken', !isNew(card));
  priority(row, card.priority);
  age(row, card);
  icon(root, row, card.type);
  write(row, 'what', word('natures', card.type));
  write(row, 'where', word('countries', card.country ?? ''));
  write(row, 'who', missionName(card.mission));
  write(row, 'desk', card.desk === null ? '' : word('desks', card.desk));
  count(row, 'cancelled', Number(card.cancelled));
  count(row, 'silent', Number(card.silent));
  count(row, 'shelved', Number(Boolean(card.shelved)));
  count(row, 'waits', Number(Boolean(card.waits)));
  count(row, 'offered', Number(Boolean(card.offered)));
  count(row, 'duplicates', card.duplicates);
  lease(row, card);
  count(row, 'returned', card.returned);
  count(row, 'messages', card.unanswered ? 0 : card.messages);
  count(row, 'unanswered', card.unanswered);
  since(part(row, 'unanswered')?.querySelector('time'), card.waiting);
  count(row, 'media', card.media);
  row.setAttribute('aria-keyshortcuts', isNew(card) ? 'A Enter M' : 'Enter M');
  row.id = `q-${id}`;
}

export function makeRow(root, entry) {
  const row = root.querySelector('template[data-kind="queue-row"]').content.firstElementChild.cloneNode(true);
  row.dataset.id = entry.id;
  for (const element of row.querySelectorAll('[href], [action]')) {
    for (const name of ['href', 'action']) {
      const address = element.getAttribute(name);
      if (address) element.setAttribute(name, address.replace(BLANK, entry.id));
    }
  }
  fillRow(root, row, entry);
  row.classList.add('is-new');
  return row;
}
