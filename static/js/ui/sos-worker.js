/**
 * Opens the citizen's page without a line: the page in both languages and what it is made of, whole or not at all, and
 * the numbers to call, renewed behind it. It also sends what waits when the browser says that there is a line again,
 * with every tab closed. What the server answers to a citizen is never kept here.
 */
import { Box } from './sos-box.js';
import { keep, kept, keys } from './sos-store.js';

export function serve({ version, pages, shell, numbers }) {
  const WHOLE = `sos-${version}`;
  const NUMBERS = 'sos-numbers';
  const plain = (url) => new Request(url, { credentials: 'omit' });
  const files = new Set(shell);

  async function renewed() {
    const answer = await fetch(new Request(numbers, { credentials: 'omit', cache: 'no-cache' }));
    if (answer.ok) await (await caches.open(NUMBERS)).put(numbers, answer.clone());
    return answer;
  }

  async function install() {
    const store = await caches.open(WHOLE);
    const fresh = Object.values(pages).map((url) => new Request(url, { credentials: 'omit', cache: 'reload' }));
    await Promise.all([store.addAll([...fresh, ...shell.map(plain)]), renewed()]);
  }

  async function tidy() {
    const old = (name) => name.startsWith('sos-') && name !== WHOLE && name !== NUMBERS;
    await Promise.all((await caches.keys()).filter(old).map((name) => caches.delete(name)));
    await self.clients.claim();
  }

  /** In the language that was opened last. */
  async function page(request, path) {
    const [asked] = Object.keys(pages).filter((language) => pages[language] === path);
    if (asked) await keep('language', () => asked);
    const language = asked ?? await kept('language') ?? Object.keys(pages)[0];
    return (await (await caches.open(WHOLE)).match(pages[language])) ?? fetch(request);
  }

  async function part(request) {
    return (await (await caches.open(WHOLE)).match(request, { ignoreVary: true })) ?? fetch(request);
  }

  async function table(event) {
    const fresh = renewed();
    event.waitUntil(fresh.catch(() => undefined));
    return (await (await caches.open(NUMBERS)).match(numbers)) ?? fresh;
  }

  self.addEventListener('install', (event) => {
    self.skipWaiting();
    event.waitUntil(install());
  });
  self.addEventListener('activate', (event) => event.waitUntil(tidy()));
  self.addEventListener('sync', (event) => event.waitUntil((async () => {
    const boxes = (await keys()).filter((key) => key.startsWith('/')).map((url) => new Box(url).drain());
    await Promise.all(boxes);
  })()));
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== self.location.origin) return;
    if (request.mode === 'navigate' && (pathname === new URL(self.registration.scope).pathname || Object.values(pages).includes(pathname))) event.respondWith(page(request, pathname));
    else if (files.has(pathname)) event.respondWith(part(request));
    else if (pathname === numbers) event.respondWith(table(event));
  });
}
