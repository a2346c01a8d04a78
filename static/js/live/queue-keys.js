/** The queue's keys and its taking: only while the list has focus, so that typing elsewhere never takes anything. */
import { toast } from '../ui/toast.js';
import * as store from './store.js';

const language = document.documentElement.lang;

/** The sentence of a problem document in the page's language; `otherwise` when the answer is none. */
async function sentence(answer, otherwise) {
  try {
    const body = await answer.json();
    return body.errors?.[0]?.[language] ?? body.detail?.[language] ?? otherwise;
  } catch {
    return otherwise;
  }
}

async function post(address) {
  return fetch(address, {
    method: 'POST',
    headers: { Accept: 'application/problem+json', 'X-CSRFToken': csrf(), 'X-Requested-With': 'fetch' },
    redirect: 'manual',
  });
}

function csrf() {
  return JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'] ?? '';
}

/** The newest toast gets "Undo": giving it back is one press for as long as the toast stands. */
function offerUndo(root, address) {
  const item = document.getElementById('toasts')?.lastElementChild;
  const button = root.querySelector('template[data-kind="undo"]').content.firstElementChild.cloneNode(true);
  item?.querySelector('p').after(button);
  button.addEventListener('click', async () => {
    item.remove();
    await act(root, address, root.dataset.undone);
  });
}

async function act(root, address, done) {
  try {
    const answer = await post(address);
    if (answer.ok || answer.type === 'opaqueredirect') {
      toast(done);
      return true;
    }
    toast(await sentence(answer, root.dataset.failed), { tone: 'high' });
  } catch {
    toast(root.dataset.failed, { tone: 'critical' });
  }
  return false;
}

/** Takes one emergency by its form; others, and this page too, see it by the frame. */
async function take(root, form) {
  const button = form.querySelector('button');
  const { id } = form.closest('.queue-row').dataset;
  if (button.disabled) return;
  button.disabled = true;
  const done = await act(root, form.action, `${root.dataset.taken} · ${id}`);
  button.disabled = false;
  if (done) offerUndo(root, form.action.replace(/take\/$/, 'release/'));
}

export function choose(id, from) {
  document.body.dispatchEvent(new CustomEvent('picture:select', { detail: { type: 'emergency', id, from } }));
}

export function keys(root, { release, layout }) {
  const all = () => [...root.querySelectorAll('.queue-row')];
  const linkOf = (row) => row?.querySelector('.queue-link');
  const here = () => document.activeElement?.closest('.queue-row');
  let current = null;
  let chosen = null;
  const passed = new WeakSet();

  const stop = (row, index) => row?.querySelectorAll('a, button').forEach((part) => { part.tabIndex = index; });

  /** One row is a tab stop (its link and its button), so Tab passes the list in two steps. */
  function rove(row) {
    if (row === current || !row) return;
    stop(current, -1);
    stop(row, 0);
    current = row;
  }

  /** After a new order: rows that were drawn meanwhile are no stops; without a current row the first is one. */
  function settle() {
    const rows = all();
    if (!current?.isConnected) current = null;
    for (const row of rows) {
      if (row !== current && !passed.has(row)) stop(row, -1);
      passed.add(row);
    }
    rove(current ?? rows[0]);
  }

  function focus(row) {
    if (!row) return;
    rove(row);
    linkOf(row).focus();
    row.scrollIntoView({ block: 'nearest' });
  }

  function move(step) {
    const rows = all();
    focus(rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(here()) + step))]);
  }

  function takeHere() {
    const row = here();
    const entry = store.get(row.dataset.id);
    const form = row.querySelector('.queue-act');
    if (!form || !entry || !store.isNew(entry.card)) return;
    const rows = all();
    const at = rows.indexOf(row);
    const free = (each) => each !== row && each.dataset.state === 'new';
    take(root, form);
    focus(rows.slice(at + 1).find(free) ?? rows.find(free) ?? row);
  }

  function leave() {
    choose('', 'queue');
    document.querySelector('.cop-queue .tabs [aria-current]')?.focus();
  }

  const acts = {
    arrowdown: () => move(1),
    j: () => move(1),
    arrowup: () => move(-1),
    k: () => move(-1),
    home: () => focus(all()[0]),
    end: () => focus(all().at(-1)),
    a: takeHere,
    m: () => choose(here().dataset.id, 'key'),
    u: () => document.querySelector('.cop-queue .tabs [data-state="new"]')?.click(),
    '.': release,
    '/': () => document.querySelector('.cop-filters input, .cop-filters select')?.focus(),
    '?': () => document.getElementById('keys')?.showModal(),
    escape: leave,
  };

  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !here()) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  root.addEventListener('submit', (event) => {
    const form = event.target.closest('.queue-act');
    if (!form) return;
    event.preventDefault();
    take(root, form);
  });
  root.addEventListener('focusin', () => {
    const row = here();
    if (!row || (row === current && row === chosen)) return;
    rove(row);
    choose(row.dataset.id, 'queue');
  });
  root.addEventListener('queue:laid', settle);

  document.body.addEventListener('picture:select', ({ detail }) => {
    chosen?.removeAttribute('aria-current');
    chosen = detail.id ? document.getElementById(`q-${detail.id}`) : null;
    chosen?.setAttribute('aria-current', 'true');
    if (!chosen || detail.from !== 'map') return;
    chosen.scrollIntoView({ block: 'center' });
    if (!here()) rove(chosen);
  });

  document.querySelectorAll('.cop-queue .tabs [data-state]').forEach((tab) => {
    if (!tab.dataset.inStore) return;
    tab.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      document.querySelectorAll('.cop-queue .tabs [aria-current]').forEach((old) => old.removeAttribute('aria-current'));
      tab.setAttribute('aria-current', 'page');
      history.replaceState(null, '', tab.href);
      store.showState(tab.dataset.state);
      layout();
    });
  });
  settle();
}
