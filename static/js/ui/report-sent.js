/** The receipt: "opened by the DCC" when an officer there really had it open; for ten seconds a tap takes a tap back. */
import { bind, fill } from './bind.js';
import { hours } from './clock.js';
import { able, drain, enter, keepBox, keepSending, news, waiting } from './outbox.js';
import { say } from './say.js';

const POLL = 5000;
const UNDO_SECONDS = 10;

async function look(root) {
  try {
    const answer = await fetch(root.dataset.receipt, { credentials: 'same-origin', cache: 'no-store' });
    const { seen_at: at } = answer.ok ? await answer.json() : {};
    if (at) {
      const text = fill(root.dataset.seen, { time: hours(Date.parse(at), { seconds: true }) });
      root.querySelector('[data-part="seen"]').textContent = text;
      root.querySelector('[data-step="seen"]').classList.add('is-done');
      say(text);
      return;
    }
  } catch { /* Without a line the receipt stays as it is. */ }
  setTimeout(() => look(root), (document.hidden ? 6 : 1) * POLL);
}

function count(button, words, until) {
  const left = Math.ceil((until - Date.now()) / 1000);
  button.closest('form').hidden = left <= 0;
  button.textContent = fill(words, { n: left });
  if (left > 0) setTimeout(() => count(button, words, until), 250);
}

async function undo(form, root, said) {
  const { box, token, api, sent } = root.dataset;
  const body = JSON.parse(form.dataset.body);
  news.addEventListener('change', ({ detail }) => {
    if (detail.id === body.client_id && detail.state === 'received') location.assign(sent.replace('/0/', `/${detail.number}/`));
  });
  await keepBox(box, { token, api });
  const fields = [...Object.entries(body), ['ago', '0']].filter(([, value]) => ['string', 'number'].includes(typeof value));
  await enter(box, { body, fields, said, line: '', replaces: String(body.replaces) });
  keepSending();
  await drain();
  if ((await waiting(box)).length) say(root.dataset.offline, true);
}

bind('report-sent', (root) => {
  look(root);
  const form = root.querySelector('.report-undo');
  if (!form) return;
  const button = form.querySelector('button');
  count(button, root.dataset.undo, Date.now() + UNDO_SECONDS * 1000);
  if (!able()) return;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    button.disabled = true;
    undo(form, root, root.dataset.taken).catch(() => form.submit());
  });
});
