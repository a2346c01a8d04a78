/**
 * Keeps the report form openable without a line: the form's own page and what it is made of, nothing else. A page is
 * kept as long as its link lives (a day) and goes when the link is refused. It also sends what waits when the browser
 * says that there is a line again, also after the page was closed.
 */
import { drain } from './outbox.js';

const PAGES = 'dcc-report-pages';
const PARTS = 'dcc-report-parts';
const FORM = /\/report\/[^/]+\/$/;
const LINK_LIVES = 24 * 3600e3;
const PATIENCE = 4000;
const NOW = /data-now="([^"]*)"/;

const address = (url) => { const { origin, pathname } = new URL(url); return origin + pathname; };

/** The page as it was served, with how far this device's clock was from the server's. */
async function keepPage(answer, url) {
  const html = await answer.text();
  const offset = Date.parse(NOW.exec(html)?.[1] ?? '') - Date.now();
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'X-Offset': String(offset || 0), 'X-Kept': String(Date.now()) };
  for (const name of ['Content-Security-Policy', 'Referrer-Policy']) {
    if (answer.headers.get(name)) headers[name] = answer.headers.get(name);
  }
  await (await caches.open(PAGES)).put(address(url), new Response(html, { headers }));
}

/** The kept page with the server's clock as it is now. */
async function kept(url) {
  const answer = await (await caches.open(PAGES)).match(address(url));
  if (!answer) return null;
  const at = new Date(Date.now() + Number(answer.headers.get('X-Offset'))).toISOString();
  return new Response((await answer.text()).replace(NOW, `data-now="${at}"`), { headers: answer.headers });
}

async function forgetOld() {
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const answer = await pages.match(request);
    if (!(Date.now() - Number(answer?.headers.get('X-Kept')) < LINK_LIVES)) await pages.delete(request);
  }
}

async function page(request) {
  const limit = new AbortController();
  const clock = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: limit.signal });
    if (answer.status >= 500) return (await kept(request.url)) ?? answer;
    if (answer.ok && !new URL(request.url).search) await keepPage(answer.clone(), request.url);
    if ([403, 404, 409, 410].includes(answer.status)) await (await caches.open(PAGES)).delete(address(request.url));
    return answer;
  } catch {
    return (await kept(request.url)) ?? fetch(request);
  } finally {
    clearTimeout(clock);
  }
}

/** Names carry the hash of what is in them, so what was kept is what it was. */
async function partOf(request) {
  const found = await (await caches.open(PARTS)).match(request);
  return found ?? fetch(request);
}

async function keep({ url, parts }) {
  const answer = await fetch(url, { cache: 'no-store' });
  if (answer.ok) await keepPage(answer, url);
  const store = await caches.open(PARTS);
  for (const request of await store.keys()) if (!parts.includes(request.url)) await store.delete(request);
  await Promise.all(parts.map(async (part) => (await store.match(part)) || store.add(part)));
  await forgetOld();
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => event.waitUntil(keep(event.data).catch(() => undefined)));
self.addEventListener('sync', (event) => event.waitUntil(drain()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && FORM.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith('/static/')) event.respondWith(partOf(request));
});
