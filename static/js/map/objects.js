/** "Objects on the map": the same things as a list of buttons, for people who can't see or point at a canvas. */
import { fill } from '../ui/bind.js';
import { word, missionName } from '../live/row.js';
import { get, hasPlace, shown } from '../live/store.js';

const MOST = 60;

function button(type, id, text) {
  const item = document.createElement('li');
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn btn--quiet btn--small';
  made.dataset.type = type;
  made.dataset.id = id;
  made.textContent = text;
  item.append(made);
  return item;
}

const number = new Intl.NumberFormat(document.documentElement.lang);

/** items: [[id, text, how many it stands for (1), type (of the list)]]; `n` is how many there are in all. */
function fillList(root, type, items, n = items.length) {
  const list = root.querySelector(`[data-objects="${type}"]`);
  if (!list) return;
  const part = list.closest('[data-part="group"]');
  part.hidden = n === 0;
  part.querySelector('.count').textContent = number.format(n);
  const listed = items.slice(0, MOST);
  list.replaceChildren(...listed.map(([id, text, , kind]) => button(kind ?? type, id, text)));
  const rest = part.querySelector('[data-part="rest"]');
  const left = n - listed.reduce((sum, [, , each = 1]) => sum + each, 0);
  rest.hidden = left <= 0;
  rest.textContent = fill(rest.dataset.words, { n: number.format(left) });
}

export function objects(root, map, marks, base) {
  const visible = (lat, lon) => {
    const bounds = map.getBounds();
    return [0, 360, -360].some((turn) => bounds.contains([lat, lon + turn]));
  };

  const rowOf = ({ id, card }) => [
    id, `P${card.priority} · ${word('natures', card.type)} · ${word('countries', card.country)} · ${missionName(card.mission)}`,
  ];

  /** The server's groups in words, the largest first; an emergency that the page does not hold by its number. */
  function remoteRow(item, i) {
    if (!item.id) {
      const place = base.near(item);
      const words = item.n > 1 ? fill(root.dataset.cluster, { n: number.format(item.n), p: item.priority }) : `P${item.priority}`;
      return [i, place ? `${words} · ${fill(root.dataset.near, { place })}` : words, item.n, 'cluster'];
    }
    const known = get(item.id);
    return known ? rowOf(known) : [item.id, `P${item.priority} · ${item.id}`];
  }

  function emergencies() {
    const { remote } = marks;
    if (!remote) return fillList(root, 'emergency', shown().filter(({ card }) => hasPlace(card) && visible(card.lat, card.lon)).map(rowOf));
    const seen = remote.items.map((item, i) => [item, i]).filter(([{ lat, lon }]) => visible(lat, lon));
    const n = seen.reduce((sum, [item]) => sum + item.n, 0);
    seen.sort(([a], [b]) => b.n - a.n || a.priority - b.priority);
    return fillList(root, 'emergency', seen.slice(0, MOST).map(([item, i]) => remoteRow(item, i)), n);
  }

  function draw() {
    if (!root.open) return;
    const on = (layer) => marks.layers.has(layer);
    if (on('emergencies')) emergencies();
    else fillList(root, 'emergency', []);
    fillList(root, 'crisis', on('crises') ? [...marks.crises.values()].map(({ slug, name }) => [slug, name ?? slug]) : []);
    fillList(root, 'mission', on('missions') ? marks.missions.filter(({ lat, lon }) => visible(lat, lon))
      .map(({ code, name }) => [code, name]) : []);
    fillList(root, 'headcount', on('headcounts') ? marks.shownHeadcounts().filter(({ lat, lon }) => visible(lat, lon))
      .map(({ id, country }) => [id, word('countries', country)]) : []);
  }

  root.addEventListener('toggle', draw);
  map.on('moveend', draw);
  return draw;
}
