/**
 * [data-module="seen"] is a form that says what this person had on the screen. It is sent while the page can really be
 * seen: at once, whenever it comes back into view, when it leaves, and every minute; never for a page in the background.
 */
import { bind } from './bind.js';

const EVERY = 60_000;

bind('seen', (form) => {
  const send = () => {
    const body = new FormData(form);
    body.set('quiet', '1');
    fetch(form.action, { method: 'POST', body, keepalive: true, redirect: 'error' }).catch(() => undefined);
  };
  const sendIfVisible = () => { if (document.visibilityState === 'visible') send(); };
  let wasVisible = document.visibilityState === 'visible';
  sendIfVisible();
  setInterval(sendIfVisible, EVERY);
  document.addEventListener('visibilitychange', () => {
    // What stood there until it was put away was seen too.
    if (wasVisible || document.visibilityState === 'visible') send();
    wasVisible = document.visibilityState === 'visible';
  });
});
