/**
 * Who writes is named to everybody (ux.md 3.4): typing in the note, the message or the outcome takes a lease of 120 s and
 * renews it at most every 40 s; an emptied field gives it up. It ends by itself on the server, no timer here ends it.
 * Where somebody else is writing, the head says who and until when, and so does the form (emergency.js).
 */
import { bind } from './bind.js';
import { now } from './clock.js';

const RENEW = 40_000;
const WRITES = /\/(note|message|resolve)\/$/;

function post(address) {
  const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'] ?? '';
  const headers = { Accept: 'application/problem+json', 'X-CSRFToken': token, 'X-Requested-With': 'fetch' };
  return fetch(address, { method: 'POST', headers, redirect: 'manual', keepalive: true });
}

bind('lease', (root) => {
  let heldAt = -Infinity;
  let asking = false;

  async function take() {
    if (asking || now() - heldAt < RENEW) return;
    asking = true;
    try {
      const answer = await post(root.dataset.lease);
      if (answer.ok) heldAt = now();
    } catch {
      /* Without a line nobody is told; what is sent later is checked by the server all the same. */
    }
    asking = false;
  }

  function end() {
    if (heldAt === -Infinity) return;
    heldAt = -Infinity;
    post(root.dataset.leaseEnd).catch(() => undefined);
  }

  const writes = (target) => WRITES.test(target.form?.getAttribute('action') ?? '');
  root.addEventListener('input', ({ target }) => {
    if (!writes(target)) return;
    if (target.matches('textarea') && target.value === '') end();
    else take();
  });
  root.addEventListener('submit', ({ target }) => {
    // The act itself ends the lease.
    if (WRITES.test(target.getAttribute('action') ?? '')) heldAt = -Infinity;
  });
  addEventListener('pagehide', end);
});
