/** The side panel: what was chosen on the map, in words, from a <template data-kind="side-…"> of the page. */
import { fill } from '../ui/bind.js';
import { hours, now, tick } from '../ui/clock.js';
import { makeRow, word } from '../live/row.js';
import * as store from '../live/store.js';

const panel = document.getElementById('side');
const number = new Intl.NumberFormat(document.documentElement.lang);
let opener = null;

function local(zone) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).formatToParts(now());
  const part = (type) => Number(parts.find((each) => each.type === type).value);
  return hours((part('hour') * 60 + part('minute')) * 60_000, { shift: 0 });
}

function slots(root, values) {
  for (const [name, value] of Object.entries(values)) {
    root.querySelectorAll(`[data-slot="${name}"]`).forEach((place) => {
      place.textContent = value ?? '';
      const line = place.closest('[data-line]');
      if (line) line.hidden = !value;
    });
  }
}

function link(root, name, code) {
  root.querySelectorAll(`[data-link="${name}"]`).forEach((anchor) => {
    anchor.href = anchor.dataset.url.replace(anchor.dataset.blank, encodeURIComponent(code));
  });
}

function show(kind, draw) {
  const template = document.querySelector(`template[data-kind="side-${kind}"]`);
  if (!panel || !template) return;
  if (panel.hidden) opener = document.activeElement;
  const body = panel.querySelector('[data-part="side-body"]');
  body.replaceChildren(template.content.cloneNode(true));
  draw(body);
  panel.hidden = false;
  tick(panel);
  panel.querySelector('h2')?.focus({ preventScroll: true });
}

export function close() {
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  opener?.focus?.({ preventScroll: true });
}

export function mission(each, mark) {
  show('mission', (body) => {
    slots(body, {
      title: each.name,
      kind: word('kinds', each.kind),
      place: [each.city, word('countries', each.country)].filter(Boolean).join(', '),
      time: each.timezone ? local(each.timezone) : '',
      precision: word('precisions', each.precision),
      mark: mark ? word('marks', mark) : '',
    });
    link(body, 'mission', each.code);
    body.querySelectorAll('[data-when="closed"]').forEach((part) => { part.hidden = each.is_open; });
  });
}

export function headcount(each) {
  show('headcount', (body) => {
    const range = each.low !== null && each.high !== null && each.low !== each.high;
    slots(body, {
      title: word('countries', each.country),
      value: range ? `${number.format(each.low)}–${number.format(each.high)}` : number.format(each.value ?? each.low),
      estimator: word('estimators', each.estimator),
      source: each.source,
      asof: each.as_of,
      what: each.what,
    });
    body.querySelectorAll('[data-slot="asof"]').forEach((time) => { time.dateTime = each.iso; });
    link(body, 'headcount', each.country);
  });
}

export function crisis(each) {
  show('crisis', (body) => {
    slots(body, {
      title: each.name ?? each.slug,
      level: word('levels', each.level),
      kind: word('crises', each.kind),
      countries: (each.countries ?? []).map((code) => word('countries', code)).join(', '),
    });
    body.querySelectorAll('[data-slot="declared"]').forEach((time) => { time.dataset.since = each.declared; });
    link(body, 'crisis', each.slug);
  });
}

/** One emergency that the page's list does not hold: what the map knows of it, and where the rest is. */
export function emergency({ id, priority, untaken, closed }) {
  show('emergency', (body) => {
    slots(body, { title: id, priority: `P${priority} · ${word('priorities', priority)}` });
    const state = closed ? 'resolved' : untaken ? 'new' : 'taken';
    body.querySelectorAll('[data-state]').forEach((part) => { part.hidden = part.dataset.state !== state; });
    link(body, 'emergency', id);
  });
}

/** Emergencies that stand on one spot, `n` in all: rows of the queue, oldest and worst first. */
export function members(ids, n) {
  show('members', (body) => {
    const root = document.querySelector('[data-module~="queue"]');
    const list = body.querySelector('ol');
    const entries = ids.map((id) => store.get(id)).filter(Boolean).sort(store.compare);
    const title = body.querySelector('[data-words]');
    title.textContent = fill(title.dataset.words, { n: number.format(n) });
    const rest = body.querySelector('[data-part="rest"]');
    rest.hidden = n === entries.length;
    rest.textContent = fill(rest.dataset.words, { n: number.format(n - entries.length) });
    for (const entry of entries) {
      const row = makeRow(root, entry);
      row.removeAttribute('id');
      row.classList.remove('is-new');
      row.querySelector('.queue-act')?.remove();
      list.append(row);
    }
  });
}

panel?.addEventListener('click', (event) => {
  if (event.target.closest('[data-part="side-close"]')) close();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) close();
});
