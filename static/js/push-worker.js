/**
 * The service worker of push messages: shows the sentence, tells the server that it was shown, and opens the path on a
 * tap. It caches nothing and touches no page. Every word comes with the message.
 */
const said = (value, otherwise) => (typeof value === 'string' && value ? value : otherwise);

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    /* Shown without words: a push without a notification would cost the permission. */
  }
  const ref = said(told.ref, '');
  const shown = self.registration.showNotification(said(told.title, 'DCC'), {
    body: said(told.body, ''),
    tag: ref || 'dcc',
    requireInteraction: true,
    data: { url: said(told.url, '/') },
  });
  const receipt = () => ref && fetch('/notifications/shown/', { method: 'POST', credentials: 'omit', body: new URLSearchParams({ ref }) });
  event.waitUntil(shown.then(receipt).catch(() => undefined));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? '/', self.location.origin);
  const address = wanted.origin === self.location.origin ? wanted.href : self.location.origin;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const same = open.find((client) => client.url === address);
    return same ? same.focus() : self.clients.openWindow(address);
  })());
});
