/**
 * Photographs and films of the citizen's page: they wait here, sealed, until the request was received, and go part by
 * part (tus 1.0, checksums), for as long as it takes. Where the browser keeps nothing, the open page does.
 */
import { fill } from './bind.js';
import { say } from './say.js';

const PART = 512 * 1024;
const LARGEST = 200 * 1024 * 1024;
const HASHED = 32 * 1024 * 1024;
const LIVES = 72 * 3600_000;
const PATIENCE = 90_000;
const EVERY = 15_000;
const FINAL = new Set([400, 404, 410, 412, 413, 415, 422]);

const root = document.querySelector('[data-module="sos-media"]');
const words = root.dataset;
const list = root.querySelector('ol');
const subtle = crypto.subtle;
const held = new Map();
const rows = new Map();
let items = [];
let request = null;
let key = null;
let busy = false;

/* What the browser keeps */

const done = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
let opened = null;
function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('sos-media', 1);
    asked.onupgradeneeded = () => ['items', 'parts', 'keys'].forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}
const store = async (name, mode) => (await database()).transaction(name, mode).objectStore(name);
const put = async (name, value, id) => done((await store(name, 'readwrite')).put(value, id));
const all = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

async function sealing() {
  if (key) return key;
  key = await done((await store('keys')).get(1));
  if (!key) {
    key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await put('keys', key, 1);
  }
  return key;
}

async function keepFile({ id }, file) {
  for (let n = 0; n * PART < file.size; n += 1) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = await file.slice(n * PART, (n + 1) * PART).arrayBuffer();
    await put('parts', { iv, sealed: await subtle.encrypt({ name: 'AES-GCM', iv }, await sealing(), bytes) }, [id, n]);
  }
}

async function partOf(item, offset) {
  const n = Math.floor(offset / PART);
  const file = held.get(item.id);
  if (file) return file.slice(offset, (n + 1) * PART).arrayBuffer();
  const { iv, sealed } = await done((await store('parts')).get([item.id, n]));
  return (await subtle.decrypt({ name: 'AES-GCM', iv }, await sealing(), sealed)).slice(offset - n * PART);
}

const keep = (item) => item.kept && put('items', item, item.id).catch(() => undefined);

async function forget(item, whole) {
  held.delete(item.id);
  if (!item.kept) return;
  if (whole) await done((await store('items', 'readwrite')).delete(item.id));
  await done((await store('parts', 'readwrite')).delete(all(item.id)));
}

async function remembered() {
  const found = await done((await store('items')).getAll());
  for (const item of found.filter(({ at, whole }) => !whole || Date.now() - at > LIVES)) await forget(item, true);
  return found.filter(({ at, whole }) => whole && Date.now() - at <= LIVES);
}

/* Sending */

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function ask(item, method, url, headers = {}, body = undefined) {
  const limit = new AbortController();
  const clock = setTimeout(() => limit.abort(), PATIENCE);
  try {
    return await fetch(url, {
      method, body, credentials: 'omit', cache: 'no-store', signal: limit.signal,
      headers: { Authorization: `Bearer ${item.token}`, 'Tus-Resumable': '1.0.0', ...headers },
    });
  } catch {
    return { status: 0, headers: new Headers() };
  } finally {
    clearTimeout(clock);
  }
}

function announce(item) {
  const told = { client_id: item.id, ...(item.sha256 && { sha256: item.sha256 }) };
  const pairs = Object.entries(told).map(([name, value]) => `${name} ${btoa(value)}`);
  const headers = { 'Upload-Length': item.size, 'Upload-Metadata': pairs.join() };
  return ask(item, 'POST', words.url.replace('E-0', item.number), headers);
}

/** True: sent, refused or taken back. False: once more later. */
async function send(item) {
  let answer = await (item.url ? ask(item, 'HEAD', item.url) : announce(item));
  while (item.state === 'waiting') {
    if (FINAL.has(answer.status)) return refused(item, answer);
    if (answer.status < 200 || answer.status > 299 || !answer.headers.has('Upload-Offset')) return false;
    item.url = answer.headers.get('Location') ?? item.url;
    item.sent = Number(answer.headers.get('Upload-Offset'));
    show(item, item.sent < item.size ? 'sending' : 'sent');
    keep(item);
    if (item.sent >= item.size) {
      say(`${label(item)}: ${words.sent}`);
      await forget(item, false).catch(() => undefined);
      return true;
    }
    const body = await partOf(item, item.sent);
    const sum = subtle && { 'Upload-Checksum': `sha256 ${base64(await subtle.digest('SHA-256', body))}` };
    const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': item.sent, ...sum };
    answer = await ask(item, 'PATCH', item.url, headers, body);
  }
  return true;
}

async function refused(item, answer) {
  const told = await answer.json?.().catch(() => null);
  const lang = document.documentElement.lang;
  item.why = told?.errors?.[0]?.[lang] ?? told?.detail?.[lang] ?? '';
  show(item, 'refused');
  say(`${label(item)}: ${words.refused} ${item.why}`, true);
  keep(item);
  return true;
}

async function work() {
  for (const item of items) {
    if (item.state === 'waiting' && item.token && !(await send(item))) {
      items.filter((other) => other.state === 'waiting' && other.token).forEach((other) => show(other, 'later'));
      return;
    }
  }
}

async function wake() {
  if (busy) return;
  busy = true;
  const turn = () => work().catch(() => undefined);
  await (navigator.locks ? navigator.locks.request('sos-media', { ifAvailable: true }, (lock) => lock && turn()) : turn());
  busy = false;
}

/* The list */

const label = (item) => fill(words[item.film ? 'film' : 'photo'], { n: item.no });

function show(item, how) {
  item.how = how;
  if (how === 'sent' || how === 'refused') item.state = how;
  const row = rows.get(item.id) ?? draw(item);
  const values = { percent: Math.floor((item.sent * 100) / item.size) };
  const text = how === 'refused' ? `${words.refused} ${item.why}` : fill(words[how], values);
  row.querySelector('small').textContent = item.kept || how === 'sent' || how === 'refused' ? text : `${text} ${words.unkept}`;
  row.querySelector('progress').value = values.percent;
  row.querySelector('progress').hidden = how === 'sent' || how === 'refused';
  row.querySelector('button').hidden = how === 'sent';
}

function draw(item) {
  const row = root.querySelector('template').content.firstElementChild.cloneNode(true);
  row.querySelector('b').textContent = `${label(item)} · ${fill(words.size, { n: Math.max(0.1, item.size / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) })}`;
  row.querySelector('button').addEventListener('click', () => remove(item));
  row.querySelector('button span').textContent = label(item);
  list.append(row);
  rows.set(item.id, row);
  return row;
}

async function remove(item) {
  const unsent = item.state === 'waiting';
  item.state = 'gone';
  rows.get(item.id).remove();
  items = items.filter((other) => other !== item);
  if (unsent && item.url) await ask(item, 'DELETE', item.url);
  await forget(item, true).catch(() => undefined);
  root.querySelector('input').focus();
}

async function add(file) {
  const id = crypto.randomUUID?.() ?? '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  const item = { id, at: Date.now(), no: items.length + 1, film: file.type.startsWith('video/'), size: file.size, sent: 0, state: 'waiting', ...request };
  items.push(item);
  if (!file.size || file.size > LARGEST) {
    item.why = words[file.size ? 'tooLarge' : 'empty'];
    show(item, 'refused');
    return;
  }
  held.set(id, file);
  show(item, request ? 'later' : 'waiting');
  if (subtle && file.size <= HASHED) item.sha256 = hex(await subtle.digest('SHA-256', await file.arrayBuffer()));
  wake();
  try {
    if (!subtle) return;
    await put('items', item, id);
    await keepFile(item, file);
    item.kept = item.whole = true;
    await keep(item);
    if (item.state === 'waiting') show(item, item.how);
    else await forget(item, item.state === 'gone');
  } catch { /* A browser that keeps nothing still sends as long as the page is open. */ }
}

/** The request that everything unsent belongs to. */
function belongs({ number, token }) {
  request = { number, token };
  for (const item of items) if (!item.token) { Object.assign(item, request); keep(item); }
  wake();
}

root.querySelector('input').addEventListener('change', ({ target }) => {
  [...target.files].forEach(add);
  target.value = '';
});
document.addEventListener('sos:answer', ({ detail }) => belongs(detail));
for (const name of ['online', 'pageshow']) addEventListener(name, wake);
document.addEventListener('visibilitychange', () => document.hidden || wake());
setInterval(wake, EVERY);
root.hidden = false;

const before = subtle ? await remembered().catch(() => []) : [];
items = [...before, ...items];
before.forEach((item) => show(item, item.state === 'waiting' ? (item.token ? 'later' : 'waiting') : item.state));
wake();
