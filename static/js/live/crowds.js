/**
 * Which emergencies of the queue are one flood: pure, and the same as alerts/floods/rules.py. Over fifty in a minute in
 * one cell are one card; who is signed for or came another way stands apart, and so does the first P1 of each.
 */
import { cellOf, isApart, MINUTE, MOST } from './store.js';

const byArrival = (a, b) => a.at - b.at || (a.id < b.id ? -1 : 1);

/** Those that came within a minute in which more than so many came. */
function floodedOf(came) {
  const flooded = [];
  let first = 0;
  let counted = 0;
  came.forEach((one, last) => {
    while (came[first].at <= one.at - MINUTE) first += 1;
    if (last - first < MOST) return;
    for (let i = Math.max(first, counted); i <= last; i += 1) flooded.push(came[i]);
    counted = last + 1;
  });
  return flooded;
}

/** {cards: [{cell, ids, at, priority, country}], hidden: ids without a row of their own} of open entries. */
export function crowds(entries) {
  const cells = new Map();
  for (const entry of entries) {
    if (isApart(entry.card) || entry.card.state === 'resolved') continue;
    const cell = cellOf(entry.card);
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push(entry);
  }
  const cards = [];
  const hidden = new Set();
  for (const [cell, came] of cells) {
    if (came.length <= MOST) continue;
    const flooded = floodedOf(came.sort(byArrival));
    const first = flooded.find(({ card }) => card.priority === 1);
    const members = flooded.filter((one) => one.card.state === 'new' && one !== first);
    if (!members.length) continue;
    members.forEach(({ id }) => hidden.add(id));
    const priority = members.reduce((least, { card }) => Math.min(least, card.priority), 4);
    cards.push({ cell, ids: members.map(({ id }) => id), at: members[0].at, priority, country: members[0].card.country });
  }
  cards.sort((a, b) => a.at - b.at || (a.cell < b.cell ? -1 : 1));
  return { cards, hidden };
}
