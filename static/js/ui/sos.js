/** The citizen's page: hold, send, and show honestly how far the request got. */
import { say } from './say.js';
import { Box } from './sos-box.js';
import * as calls from './sos-calls.js';
import { hold } from './sos-hold.js';
import { fill, part, put, root, show, time, words } from './sos-parts.js';
import * as place from './sos-place.js';
import * as talk from './sos-talk.js';

const POLL = 5000;
const CANCEL_SECONDS = 5;

const box = new Box(words.url);
const country = root.querySelector('#id_country');

let seen = null;
let told = '';
let status = '';
let announced = '';
let registration = null;
let again = false;

/* Sending */

function report() {
  const given = Object.fromEntries([...new FormData(part('details'))].filter(([, value]) => value !== ''));
  delete given.client_id;
  const location = place.fresh();
  const known = location || given.country || given.place;
  return {
    kind: 'panic', ...(known ? {} : { place: place.hint() }), ...given, silent: Boolean(given.silent),
    language: document.documentElement.lang, ...(location ? { location } : {}),
  };
}

async function press() {
  if (box.state) return;
  cancelFor(CANCEL_SECONDS);
  await box.press(report());
  place.locate();
  part('sent').focus();
}

function cancelFor(seconds) {
  const button = part('cancel');
  button.textContent = seconds > 0 ? fill(words.cancelIn, { seconds }) : words.cancelLater;
  button.classList.toggle('btn--danger', seconds > 0);
  if (seconds > 0) setTimeout(cancelFor, 1000, seconds - 1);
}

/** The browser sends what waits also after the page was closed, where it can; the page says which is true. */
function sendLater() {
  if (!box.idle && registration?.sync) registration.sync.register('sos').then(() => put('later', words.sentLater), () => undefined);
}

/* Drawing */

function draw() {
  const { state, sent } = box;
  show('ask', !state);
  show('sent', Boolean(state));
  if (!state) return callsBefore();
  const resolved = seen?.state === 'resolved';
  const cancelled = Boolean(state.cancelled || seen?.cancelled_at);
  drawSending(sent);
  show('lost', Boolean(sent) && !box.reachable);
  show('number', Boolean(sent));
  if (sent) put('number', fill(words.number, { number: sent.number }));
  drawReceipts(seen?.receipts ?? sent?.receipts ?? []);
  talk.draw(box, seen);
  place.draw();
  show('cancelled', cancelled);
  show('cancel', !cancelled && !resolved);
  show('resolved', resolved);
  show('kinds', !resolved);
  show('again', Boolean(sent) && (resolved || cancelled));
  calls.callsOf(seen?.mission ?? sent?.mission);
  const iso = seen?.country || sent?.country || state.report.country;
  if (iso) calls.callsIn(iso, false);
  else callsBefore();
  if (sent && announced !== sent.number) {
    announced = sent.number;
    document.dispatchEvent(new CustomEvent('sos:answer', { detail: { number: sent.number, token: sent.token } }));
  }
}

function drawSending(sent) {
  const failed = navigator.onLine ? words.unanswered : words.unsent;
  const text = sent ? '' : box.reachable && navigator.onLine ? words.sending : failed;
  show('unsent', !sent);
  put('state', text);
  show('sms', false);
  if (!sent && text === failed) calls.text(box.state, place.fresh());
  if (text === failed && text !== status) say(text, true);
  status = text;
}

function drawReceipts(receipts) {
  const steps = Object.fromEntries(receipts.map((receipt) => [receipt.step, receipt]));
  let newest = '';
  for (const item of part('receipts').children) {
    const receipt = steps[item.dataset.step];
    item.classList.toggle('is-done', Boolean(receipt));
    const values = receipt && { time: time(receipt.at), desk: receipt.desk, next: receipt.next_contact_at && time(receipt.next_contact_at) };
    const text = receipt ? fill(item.dataset.done, values) : item.dataset.waiting;
    if (item.textContent !== text) item.textContent = text;
    if (receipt) newest = text;
  }
  if (newest && newest !== told) say(newest);
  told = newest || told;
}

/** Whom to call while nothing is known from the server: where the fix, the chosen country or the clock says one is. */
function callsBefore() {
  const fix = place.fresh();
  if (fix && !box.state) calls.askFor(fix);
  calls.callsIn(country.value || calls.guess(), !country.value, fix);
}

async function poll() {
  calls.load().then(draw);
  if (box.sent) {
    const { number } = box.sent;
    let view = await box.look();
    // Forgotten meanwhile, it says nothing about the next request.
    if (box.sent?.number !== number) view = null;
    if (view) seen = view;
    // Once a page: a server that answers so again and again has its reasons.
    else if (view === false && !again) { again = true; await box.again(); }
    if (seen?.state === 'resolved') place.stop();
    draw();
    if (view) talk.tell(box, seen);
  }
  setTimeout(poll, (document.hidden ? 6 : 1) * POLL * (0.9 + Math.random() / 5));
}

/* The page's own buttons */

function askTwice(focus) {
  show('confirm', true);
  if (focus) part('confirm').querySelector('button').focus();
}

hold(part('hold'), {
  done: press,
  tooShort: (focus) => {
    show('too-short', true);
    say(part('too-short').textContent, true);
    askTwice(focus);
  },
});

/** Nothing of it stays on the screen or behind the back button; what waits goes on waiting. */
function leave() {
  document.documentElement.hidden = true;
  document.title = '';
  location.replace('about:blank');
}

const ACTS = {
  'ask-twice': () => askTwice(true),
  confirm: press,
  'not-now': () => { show('confirm', false); part('hold').focus(); },
  cancel: () => box.cancel(),
  again: async () => { seen = null; told = ''; await box.forget(); show('confirm', false); part('hold').focus(); },
  say: (button) => { box.write(button.textContent.trim()); if (button.dataset.silent) box.silence(); },
  leave,
};

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-act], [data-switch]');
  if (!target) return;
  if (target.matches('a')) event.preventDefault();
  if (target.dataset.act) ACTS[target.dataset.act]?.(target);
  // The other language takes this page's place: the back button leads out, not to where help was asked for.
  else location.replace(target.href);
});

function writes(name, field, pattern = '{text}') {
  part(name).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = event.target.elements[field].value.trim();
    if (!text) return;
    box.write(fill(pattern, { text }));
    event.target.reset();
  });
}
writes('write', 'text');
writes('where-now', 'text', words.iAmAt);

part('details').addEventListener('submit', (event) => event.preventDefault());
country.addEventListener('change', callsBefore);
box.addEventListener('change', draw);
box.addEventListener('refused', () => say(words.refused, true));
for (const name of ['online', 'offline', 'pageshow']) addEventListener(name, () => { draw(); box.wake(); });
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return sendLater();
  if (box.state && seen?.state !== 'resolved') place.locate();
  return box.wake();
});
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  show('install', true);
  ACTS.install = () => { show('install', false); event.prompt(); };
});

/* Start */

document.documentElement.classList.add('js');
setInterval(() => box.state && place.draw(), 15_000);

async function keepOpen() {
  if (!words.worker || !navigator.serviceWorker) return;
  await navigator.serviceWorker.register(words.worker, { type: 'module', updateViaCache: 'none' });
  registration = await navigator.serviceWorker.ready;
  box.addEventListener('change', sendLater);
  sendLater();
}

async function start() {
  poll();
  await box.open();
  box.register();
  await place.follow((fix) => (box.state ? box.place(fix) : callsBefore()));
  if (box.state) { cancelFor(0); place.locate(); box.wake(); } else place.warmUp();
}

start();
keepOpen().catch(() => undefined);
