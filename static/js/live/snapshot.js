/** Everything current in one answer, for a picture that frames can't bring up to date any more. */
import * as store from './store.js';
import { ask } from './ticket.js';

/** Draws the audience's snapshot and says where it stands; null when only a new page helps. */
export async function draw(live, audience) {
  // Other pages have no store, a full one holds only a part; what is resolved or found by text, only the server knows.
  if (!store.page || store.page.clusters || store.filter.q || ['resolved', 'all'].includes(store.shownState())) return null;
  const answer = await ask(`${live}snapshot?${new URLSearchParams({ audience })}`, { redirect: 'error' });
  if (!answer.ok) return null;
  const { epoch, head, cards } = await answer.json();
  const fresh = cards.filter(([type]) => type === 'emergency').map(([, id, version, card]) => ({ topic: 'queue', id, version, card }));
  const ids = new Set(fresh.map(({ id }) => id));
  const known = new Set([...store.versions.keys(), ...store.page.alarms.map(([id]) => id)]);
  // A restored log may go backwards.
  store.versions.clear();
  for (const id of known) if (!ids.has(id)) store.take({ topic: 'queue', id, version: 0, card: null });
  fresh.forEach(store.take);
  const tell = (detail) => document.body.dispatchEvent(new CustomEvent('live:frame', { detail }));
  tell({ topic: 'system', kind: 'alarm.all', ids: cards.filter(([type]) => type === 'alarm').map(([, id]) => id) });
  for (const [type, id, version, card] of cards) {
    if (type === 'alarm') tell({ topic: 'system', kind: 'alarm.shown', id, version, card });
    if (type === 'crisis') tell({ topic: 'crisis', kind: 'crisis.shown', id, version, card });
  }
  return { epoch, head };
}
