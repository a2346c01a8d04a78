/** The citizen's page: hold, send, and show honestly how far the request got. Words come from the page. */
import { fill } from './bind.js';
import { say } from './say.js';
import { Box } from './sos-box.js';
import { hold } from './sos-hold.js';

const POLL = 5000;
const CANCEL_SECONDS = 5;
const FIX_WITHIN = 10_000;
const FRESH = 120_000;
const AGAIN = 30_000;

const root = document.querySelector('[data-module="sos"]');
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const words = root.dataset;
const box = new Box(words.url);

let fix = null;
let postedAt = 0;
let watch = 0;
let seen = null;
let told = '';

/** The telephone's own time of day, and the page says that it is. */
function time(iso) {
  const date = new Date(iso);
  return [date.getHours(), date.getMinutes()].map((n) => String(n).padStart(2, '0')).join(document.documentElement.dataset.timeSeparator);
}

function show(name, visible) {
  const element = part(name);
  if (element) element.hidden = !visible;
}

function put(name, text) {
  const element = part(name);
  if (element.textContent !== text) element.textContent = text;
}

/* Position */

function located({ coords, timestamp }) {
  const { latitude: lat, longitude: lon, accuracy } = coords;
  if (Math.abs(lat) < 1e-3 && Math.abs(lon) < 1e-3) return;
  const better = !fix || accuracy < fix.accuracy_m / 2;
  fix = { lat, lon, accuracy_m: Math.round(accuracy), fixed_at: new Date(timestamp).toISOString(), source: 'gps' };
  put('position', fill(words.positionFound, { metres: fix.accuracy_m }));
  if (box.state && (better || Date.now() - postedAt > AGAIN)) {
    postedAt = Date.now();
    box.place(fix);
  }
  if (!box.state) callsFor(fix);
}

function notLocated() {
  if (fix) return;
  put('position', words.positionRefused);
}

function locate() {
  if (watch) return;
  if (!navigator.geolocation) return notLocated();
  put('position', words.positionSearching);
  const options = { enableHighAccuracy: true, maximumAge: 60_000, timeout: FIX_WITHIN };
  watch = navigator.geolocation.watchPosition(located, notLocated, options);
}

/** Where the citizen allowed it before, the position is ready when the button is pressed. */
async function warmUp() {
  const asked = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  if (asked?.state === 'granted') locate();
}

/* Telephones */

function call(list, number) {
  const item = part('call-template').content.firstElementChild.cloneNode(true);
  const link = item.querySelector('a');
  link.href = `tel:${number}`;
  link.querySelector('b').textContent = number;
  list.append(item);
}

let drawnMission = null;

function drawMission(mission) {
  const key = JSON.stringify(mission);
  if (!mission || key === drawnMission) return;
  drawnMission = key;
  show('mission', true);
  put('mission-name', mission.name || words.headquarters);
  put('mission-reason', mission.reason[document.documentElement.lang] ?? mission.reason.id);
  part('mission-phones').replaceChildren();
  mission.phones.forEach((number) => call(part('mission-phones'), number));
}

let drawnCountry = '';

async function drawCountry(iso) {
  if (!iso || iso === drawnCountry) return;
  drawnCountry = iso;
  const answer = await fetch(words.countries.replace('XX', iso), { credentials: 'omit' }).catch(() => null);
  if (!answer?.ok) { drawnCountry = ''; return; }
  const country = await answer.json();
  part('local-phones').replaceChildren();
  put('local-name', country.name[document.documentElement.lang] ?? '');
  country.emergency.numbers.forEach((number) => call(part('local-phones'), number));
  show('local', country.emergency.numbers.length > 0);
}

/** Before anything is sent: whom to call from here. */
async function callsFor({ lat, lon }) {
  if (drawnMission) return;
  const answer = await fetch(`${words.responsible}?lat=${lat}&lon=${lon}`, { credentials: 'omit' }).catch(() => null);
  if (!answer?.ok || box.state) return;
  const { mission, reason, country } = await answer.json();
  const phones = mission ? [...mission.hotline.e164, ...mission.phones.e164] : [];
  drawMission({ name: mission?.name ?? '', phones, reason });
  drawCountry(country);
}

/* Sending */

function report() {
  const form = part('details');
  const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
  delete given.client_id;
  given.silent = Boolean(given.silent);
  const fresh = fix && Date.now() - Date.parse(fix.fixed_at) < FRESH;
  return { kind: 'panic', ...given, language: document.documentElement.lang, ...(fresh ? { location: fix } : {}) };
}

function press() {
  if (box.state) return;
  postedAt = Date.now();
  box.press(report());
  locate();
  draw();
  part('sent').focus();
  cancelFor(CANCEL_SECONDS);
}

function cancelFor(seconds) {
  const button = part('cancel');
  button.textContent = seconds > 0 ? fill(words.cancelIn, { seconds }) : words.cancelLater;
  button.classList.toggle('btn--danger', seconds > 0);
  if (seconds > 0) setTimeout(() => cancelFor(seconds - 1), 1000);
}

/* Drawing */

function draw() {
  const { state, sent } = box;
  show('ask', !state);
  show('sent', Boolean(state));
  if (!state) return;
  show('unsent', !sent);
  put('unsent', box.reachable ? words.sending : words.unsent);
  show('lost', Boolean(sent) && !box.reachable);
  show('number', Boolean(sent));
  if (sent) put('number', fill(words.number, { number: sent.number }));
  drawReceipts(seen?.receipts ?? sent?.receipts ?? []);
  drawMessages();
  show('cancelled', Boolean(state.cancelled || seen?.cancelled_at));
  show('cancel', !state.cancelled && !seen?.cancelled_at && seen?.state !== 'resolved');
  show('resolved', seen?.state === 'resolved');
  show('again', Boolean(sent) && (seen?.state === 'resolved' || Boolean(seen?.cancelled_at)));
  drawMission(seen?.mission ?? sent?.mission);
  drawCountry(seen?.country || sent?.country || state.report.country);
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

function drawMessages() {
  const waiting = box.unsent.filter((item) => item.to === 'messages').map(({ body }) => ({ side: 'waiting', text: body.text }));
  const first = box.state.report.message ? [{ side: 'citizen', text: box.state.report.message, at: box.sent?.received_at }] : [];
  const all = [...first, ...(seen?.messages ?? []), ...waiting];
  const list = part('messages');
  const key = JSON.stringify(all);
  if (list.dataset.key === key) return;
  const officers = (text) => (seen?.messages ?? []).filter((message) => message.side !== 'citizen').length > Number(text || 0);
  if (officers(list.dataset.officers)) say(seen.messages.at(-1).text);
  list.dataset.officers = (seen?.messages ?? []).filter((message) => message.side !== 'citizen').length;
  list.dataset.key = key;
  list.replaceChildren(...all.map(bubble));
  show('messages', all.length > 0);
}

function bubble({ side, text, at }) {
  const item = part('message-template').content.firstElementChild.cloneNode(true);
  item.dataset.side = side;
  item.querySelector('p').textContent = text;
  item.querySelector('small').textContent = side === 'waiting' ? words.unsent : [words[`side${side[0].toUpperCase()}${side.slice(1)}`], at && time(at)].filter(Boolean).join(' · ');
  return item;
}

async function poll() {
  if (box.sent) {
    const view = await box.look();
    if (view) seen = view;
    else if (view === false) { box.forget(); seen = null; }
    draw();
  }
  setTimeout(poll, (document.hidden ? 6 : 1) * POLL * (0.9 + Math.random() / 5));
}

/* The page's own buttons */

hold(part('hold'), {
  done: press,
  tooShort: () => {
    show('too-short', true);
    say(part('too-short').textContent, true);
  },
});

root.addEventListener('click', (event) => {
  const act = event.target.closest('[data-act]')?.dataset.act;
  if (act === 'ask-twice') { show('confirm', true); part('confirm').querySelector('button').focus(); }
  if (act === 'confirm') press();
  if (act === 'not-now') { show('confirm', false); part('hold').focus(); }
  if (act === 'cancel') box.cancel();
  if (act === 'again') { seen = null; told = ''; box.forget(); part('hold').focus(); }
});

part('write').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  const text = field.value.trim();
  if (!text) return;
  box.write(text);
  field.value = '';
});

part('details').addEventListener('submit', (event) => event.preventDefault());
part('details').addEventListener('change', (event) => event.target.name === 'country' && drawCountry(event.target.value));
document.querySelector('[data-act="leave"]').addEventListener('click', () => location.replace('about:blank'));
box.addEventListener('change', draw);
box.addEventListener('refused', () => say(words.refused, true));

if (box.state) { locate(); cancelFor(0); box.wake(); } else warmUp();
draw();
poll();
