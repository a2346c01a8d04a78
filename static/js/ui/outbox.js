/**
 * What this telephone owes the command centre (ux.md 4.6, reliability.md A15): drafts, and reports that wait to be
 * acknowledged. It outlives the tab, the session and the server: IndexedDB under a key that nobody can read out, wiped
 * when the server acknowledges and after three days. The page and the service worker drain the same queue, one at a time.
 */

const NAME = 'dcc-report';
const LIVES = 72 * 3600e3;
const PATIENCE = 15_000;
const LONGEST_AGE = 4 * 24 * 3600;
const LATER = new Set([0, 408, 425, 429]);
const CALLED_OFF = new Set(['waiting', 'stuck']);

let opened = null;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const whole = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = () => reject(transaction.error);
});

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => ['keys', 'boxes', 'drafts', 'queue'].forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => { opened = null; reject(request.error); };
  });
  return opened;
}

const algorithm = (iv) => ({ name: 'AES-GCM', iv });

async function key() {
  const db = await database();
  const known = await done(db.transaction('keys').objectStore('keys').get('key'));
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  // Two tabs may make one each at the same moment: the first that is stored is the key of both.
  const store = db.transaction('keys', 'readwrite').objectStore('keys');
  const first = await done(store.get('key'));
  return first ?? done(store.put(fresh, 'key')).then(() => fresh);
}

async function seal(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(algorithm(iv), await key(), new TextEncoder().encode(JSON.stringify(value)));
  return { iv, data };
}

async function unseal({ iv, data }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm(iv), await key(), data)));
}

async function put(store, id, record) {
  const transaction = (await database()).transaction(store, 'readwrite');
  transaction.objectStore(store).put(record, id);
  await whole(transaction);
}

const get = async (store, id) => done((await database()).transaction(store).objectStore(store).get(id));

/** Everybody who shows the queue, in this tab and in others, hears of each change. */
export const news = new EventTarget();
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(NAME) : null;
if (channel) channel.onmessage = ({ data }) => news.dispatchEvent(new CustomEvent('change', { detail: data }));

function tell(detail) {
  news.dispatchEvent(new CustomEvent('change', { detail }));
  channel?.postMessage(detail);
}

/** Whether this browser can keep anything safely; without it the form is a plain form. */
export const able = () => Boolean(globalThis.isSecureContext && globalThis.indexedDB && globalThis.crypto?.subtle);

/** The link of a box: a newer one opens what an older one could not send any more. */
export async function keepBox(box, link) {
  await wipe();
  await put('boxes', box, { at: Date.now(), sealed: await seal(link) });
  const transaction = (await database()).transaction('queue', 'readwrite');
  const store = transaction.objectStore('queue');
  for (const record of await done(store.getAll())) {
    if (record.box === box && record.state === 'stuck') store.put({ ...record, state: 'waiting' }, record.id);
  }
  await whole(transaction);
}

export const saveDraft = async (name, draft) => put('drafts', name, { at: Date.now(), sealed: await seal(draft) });

export async function draftOf(name) {
  const record = await get('drafts', name);
  return record ? { at: record.at, ...(await unseal(record.sealed)) } : null;
}

/** The draft becomes a waiting report in one step: it is always in exactly one of the two places. */
export async function enter(box, item, draft = '') {
  const sealed = await seal({ ...item, made_at: Date.now() });
  const transaction = (await database()).transaction(['queue', 'drafts'], 'readwrite');
  const id = item.body.client_id;
  transaction.objectStore('queue').put({ id, box, at: Date.now(), stamp: crypto.randomUUID(), tries: 0, state: 'waiting', sealed }, id);
  if (draft) transaction.objectStore('drafts').delete(draft);
  await whole(transaction);
  tell({ id, box, state: 'waiting' });
}

/** What waits in a box, the oldest first, each with its contents. */
export async function waiting(box) {
  const all = await done((await database()).transaction('queue').objectStore('queue').getAll());
  const mine = all.filter((record) => record.box === box).sort((a, b) => a.at - b.at);
  return Promise.all(mine.map(async (record) => ({ ...record, ...(await unseal(record.sealed)) })));
}

/** Takes a report out again: true when it never left this telephone, else the correction goes after it. */
export async function takeBack(id, correction) {
  const before = await get('queue', id);
  if (!before) return false;
  const sealed = correction ? await seal({ ...(await unseal(before.sealed)), correction }) : before.sealed;
  const transaction = (await database()).transaction('queue', 'readwrite');
  const store = transaction.objectStore('queue');
  const record = await done(store.get(id));
  const mine = record && CALLED_OFF.has(record.state) && record.tries === 0;
  if (mine) store.delete(id);
  else if (record && correction) store.put({ ...record, sealed }, id);
  await whole(transaction);
  if (mine) tell({ id, box: record.box, state: 'back' });
  return Boolean(mine);
}

/** Nothing stays longer than three days, not even what could not be sent. */
async function wipe() {
  const transaction = (await database()).transaction(['boxes', 'drafts', 'queue'], 'readwrite');
  for (const name of ['boxes', 'drafts', 'queue']) {
    const store = transaction.objectStore(name);
    const request = store.openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return;
      if (Date.now() - cursor.value.at > LIVES) cursor.delete();
      cursor.continue();
    };
  }
  await whole(transaction);
}

async function post({ token, api }, item) {
  const age = Math.max(0, Math.round((Date.now() - item.made_at) / 1000));
  const body = { ...item.body, age_s: Math.min(LONGEST_AGE, (item.body.age_s ?? 0) + age) };
  const limit = new AbortController();
  const clock = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const answer = await fetch(api, {
      method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit', cache: 'no-store', signal: limit.signal,
    });
    // A proxy's page is no acknowledgement: only the server's own JSON is.
    return { status: answer.status, told: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, told: null };
  } finally {
    clearTimeout(clock);
  }
}

const plain = (text) => (text ?? '').normalize('NFC').replaceAll('\r\n', '\n').trim();
const end = (given) => (typeof given === 'number' ? [given, null] : [given.value, given.high ?? null]);

/** Whether the server holds something else under this client_id: the same draft was sent twice, changed in between. */
function differs(body, told) {
  if (body.answer !== told.answer || plain(body.note) !== told.note) return true;
  if ((body.authorities ?? '') !== told.authorities || (body.hospitals ?? '') !== told.hospitals) return true;
  if (body.answer !== 'figures') return false;
  const keys = new Set([...Object.keys(body.figures ?? {}), ...Object.keys(told.figures)]);
  return [...keys].some((name) => String(end(body.figures?.[name] ?? {})) !== String(end(told.figures[name] ?? {})));
}

/** What goes after an acknowledged report: its correction, or what was typed into the other copy of the draft. */
function successor(item, { status, told }) {
  if (status === 200 && differs(item.body, told)) {
    return { ...item, body: { ...item.body, client_id: crypto.randomUUID(), replaces: told.number } };
  }
  if (!item.correction) return null;
  const { correction, ...rest } = item;
  return { ...rest, body: { ...correction, replaces: told.number }, made_at: Date.now() };
}

async function settle(record, item, outcome) {
  const after = outcome.status < 300 ? successor(item, outcome) : null;
  const kept = after ?? { ...item, problem: outcome.told };
  const sealed = await seal(kept);
  const transaction = (await database()).transaction('queue', 'readwrite');
  const store = transaction.objectStore('queue');
  const standing = await done(store.get(record.id));
  // Another tab put its own copy of the draft here meanwhile: that one is still to be sent.
  if (standing?.stamp !== record.stamp) return undefined;
  if (outcome.status < 300) store.delete(record.id);
  const state = { 422: 'refused' }[outcome.status] ?? 'stuck';
  if (after) store.put({ ...record, id: after.body.client_id, tries: 0, sealed }, after.body.client_id);
  else if (outcome.status >= 300) store.put({ ...record, tries: record.tries + 1, state, sealed }, record.id);
  await whole(transaction);
  if (outcome.status >= 300) return tell({ id: record.id, box: record.box, state });
  const { number, received_at } = outcome.told;
  return tell({ id: record.id, box: record.box, state: after ? 'waiting' : 'received', number, received_at, next: after?.body.client_id });
}

/** One try of one report: true when the server said something about it, false when it could not be asked. */
async function tryOne({ id }) {
  const transaction = (await database()).transaction('queue', 'readwrite');
  const record = await done(transaction.objectStore('queue').get(id));
  // From here on it may have left the telephone, whatever becomes of this page.
  if (record?.state === 'waiting') transaction.objectStore('queue').put({ ...record, tries: record.tries + 1 }, id);
  await whole(transaction);
  if (record?.state !== 'waiting') return true;
  const [box, item] = [await get('boxes', record.box), await unseal(record.sealed)];
  const outcome = await post(await unseal(box.sealed), item);
  const acknowledged = outcome.status < 300 && Number.isInteger(outcome.told?.number);
  if (LATER.has(outcome.status) || outcome.status >= 500 || (outcome.status < 400 && !acknowledged)) {
    tell({ id, box: record.box, state: 'later' });
    return false;
  }
  await settle({ ...record, tries: record.tries + 1 }, await current(id, item), outcome);
  return true;
}

/** The contents as they are now: somebody may have asked for a correction while the report was under way. */
async function current(id, item) {
  const record = await get('queue', id);
  return record ? { ...item, correction: (await unseal(record.sealed)).correction } : item;
}

async function sendAll() {
  await wipe();
  for (let turn = 0; turn < 100; turn += 1) {
    const stores = (await database()).transaction(['queue', 'boxes']);
    const [all, boxes] = await Promise.all([
      done(stores.objectStore('queue').getAll()), done(stores.objectStore('boxes').getAllKeys()),
    ]);
    const ready = all.filter((record) => record.state === 'waiting' && boxes.includes(record.box));
    const next = ready.sort((a, b) => a.at - b.at)[0];
    if (!next || !(await tryOne(next))) return;
  }
}

/** Sends what waits; another tab, or the service worker, that is at it already has the right of way. */
export async function drain() {
  if (!navigator.locks) return sendAll();
  return navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? sendAll() : undefined));
}

/** Tries now, on every sign of a line, and every 15 s; the browser's own background sync goes on when the page is gone. */
export function keepSending() {
  const wake = () => drain().catch(() => undefined);
  for (const name of ['online', 'pageshow']) globalThis.addEventListener(name, wake);
  document.addEventListener('visibilitychange', () => document.hidden || wake());
  setInterval(wake, PATIENCE);
  wake();
  navigator.serviceWorker?.ready.then((registration) => registration.sync?.register(NAME)).catch(() => undefined);
}
