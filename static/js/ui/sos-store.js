/**
 * What this device keeps for the citizen: a few records in IndexedDB, shared by the tabs and the service worker. Each
 * change is one step for all of them. Where nothing can be kept, a record lives as long as the page.
 */
const NAME = 'dcc-sos';
const SLOW = 3000;
const memory = new Map();
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(NAME) : null;
const listeners = [];
let opened = null;
let broken = false;

function database() {
  opened ??= new Promise((resolve) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME);
    request.onsuccess = () => {
      request.result.onclose = () => { opened = null; };
      resolve(request.result);
    };
    request.onerror = () => resolve(null);
  }).catch(() => null);
  return opened;
}

/** Runs act(store, result) in one transaction; answers with what it gave to result(). */
async function within(mode, act) {
  // A press waits for no database; what was kept is waited for.
  const late = mode === 'readwrite' ? [new Promise((resolve) => { setTimeout(resolve, SLOW, null); })] : [];
  const db = broken ? null : await Promise.race([database(), ...late]);
  if (!db) throw new Error(NAME);
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(NAME, mode, { durability: 'strict' });
    let found = null;
    act(transaction.objectStore(NAME), (value) => { found = value ?? null; });
    transaction.oncomplete = () => resolve(found);
    transaction.onabort = () => reject(transaction.error);
  });
}

async function heard({ data }) {
  for (const [key, act] of listeners) if (key === data) act();
}
if (channel) channel.onmessage = heard;

/** Hears of changes that other tabs or the worker make. */
export const listen = (key, act) => listeners.push([key, act]);

export async function kept(key) {
  try {
    const found = await within('readonly', (store, result) => { store.get(key).onsuccess = ({ target }) => result(target.result); });
    memory.set(key, found);
  } catch { broken = true; }
  return memory.get(key) ?? null;
}

/** Puts what `change` makes of the record in its place; null removes it. */
export async function keep(key, change) {
  let after = null;
  try {
    await within('readwrite', (store) => {
      store.get(key).onsuccess = ({ target }) => {
        after = change(target.result ?? null);
        if (after === null) store.delete(key);
        else store.put(after, key);
      };
    });
  } catch {
    broken = true;
    after = change(memory.get(key) ?? null);
  }
  memory.set(key, after);
  channel?.postMessage(key);
  return after;
}

/** The keys of everything that is kept. */
export const keys = () => within('readonly', (store, result) => { store.getAllKeys().onsuccess = ({ target }) => result(target.result); }).catch(() => []);
