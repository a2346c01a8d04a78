/**
 * The alarm (ux.md 3.5): motif A every 15 s until no P1 is left that nobody has taken, else motif B every 60 s for P2.
 *
 * In a flood a group sounds once (flood.js), a silenced alarm not at all until a frame says that its time is over.
 * It hears every frame of the audience, whatever the page's filter shows. The pause between two motifs is part of a
 * looping sound, so a hidden tab, whose timers the browser slows down, keeps its rhythm. Browsers start sound
 * suspended: until a person pressed a key or a button the chip says so, in words.
 */
import { bind, fill } from '../ui/bind.js';
import { say } from '../ui/say.js';
import { missionName, word } from './row.js';
import * as store from './store.js';

const EVERY = { 1: 15, 2: 60 };
const RATE = 22_050;
const title = document.title;

/** Counted as it changes: a flood has thousands. */
function keep(id, priority) {
  if (open.has(id)) tally[open.get(id)] -= 1;
  if (priority) {
    open.set(id, priority);
    tally[priority] += 1;
  } else open.delete(id);
}

/** Not taken P1 and P2 by id; the page brings those outside its filter too. */
const open = new Map();
const tally = { 1: 0, 2: 0 };
for (const [id, priority] of [...(store.page?.alarms ?? []), ...(store.page?.raised ?? [])]) keep(id, priority);
const lately = [...(store.page?.flood.arrivals ?? [])];
let flood = null;
let loading = null;
let context = null;
const motifs = {};
let playing = null;
let chips = [];
let failed = false;
let titling = 0;

/** Raised alarms (A-12: a silent mission, a lost step) sound like emergencies until a person takes them. */
const isRaised = (id) => id.startsWith('A-');
const waiting = (priority) => tally[priority];
const running = () => context?.state === 'running' && !failed;

function drawChips() {
  for (const chip of chips) {
    chip.hidden = false;
    chip.dataset.state = running() ? 'on' : 'off';
    const text = running() ? chip.dataset.wordOn : chip.dataset.wordOff;
    chip.querySelector('.sound-word').textContent = text;
    const use = chip.querySelector('use');
    use?.setAttribute('href', `${use.getAttribute('href').split('#')[0]}#${running() ? 'volume-2' : 'volume-x'}`);
  }
}

function drawTitle() {
  const n = waiting(1);
  const told = n ? `(${n}!) ${title}` : title;
  if (document.title !== told) document.title = told;
  document.querySelectorAll('[data-part="outside"]').forEach((notice) => {
    const outside = [...open].filter(([id, priority]) => priority === 1 && !isRaised(id) && !store.get(id)).length;
    notice.hidden = outside === 0;
    notice.querySelector('[data-part="n"]').textContent = outside;
  });
}

/** At once, and in a burst four times a second. */
function titled() {
  if (titling) return;
  drawTitle();
  titling = setTimeout(() => {
    titling = 0;
    drawTitle();
  }, 250);
}

/** The motif and silence up to its period, as one sound that can loop. */
function looped(motif, seconds) {
  const sound = context.createBuffer(1, Math.ceil(seconds * context.sampleRate), context.sampleRate);
  sound.copyToChannel(motif.getChannelData(0), 0);
  return sound;
}

async function load(priority) {
  const answer = await fetch(store.page.sounds[priority]);
  if (!answer.ok) throw new Error(answer.statusText);
  motifs[priority] = await context.decodeAudioData(await answer.arrayBuffer());
}

function stop() {
  playing?.source.stop();
  playing = null;
}

function play(priority, loop) {
  const source = context.createBufferSource();
  source.buffer = loop ? looped(motifs[priority], EVERY[priority]) : motifs[priority];
  source.loop = loop;
  source.connect(context.destination);
  source.start();
  return source;
}

/** Sounds what is waiting now; `again` starts the rhythm anew, so that a new P1 is heard at once. */
function sound(again = false) {
  const priority = waiting(1) ? 1 : waiting(2) ? 2 : 0;
  if (!priority || !running() || !motifs[priority]) return priority ? undefined : stop();
  if (playing?.priority === priority && !again) return undefined;
  stop();
  playing = { priority, source: play(priority, true) };
  return undefined;
}

async function wake() {
  if (!context) {
    context = new AudioContext({ sampleRate: RATE });
    context.addEventListener('statechange', () => {
      drawChips();
      sound();
    });
    try {
      await Promise.all([load(1), load(2)]);
    } catch {
      failed = true;
    }
  }
  if (context.state === 'suspended') await context.resume();
  drawChips();
  sound();
}

async function test() {
  await Promise.race([wake(), new Promise((done) => { setTimeout(done, 1500); })]);
  if (running()) play(1, false);
}

function announce(id, card) {
  const region = document.getElementById('alarm-words');
  if (!region) return;
  say(fill(region.dataset.words, {
    id, type: word('natures', card.type), country: word('countries', card.country), mission: missionName(card.mission),
  }), true);
}

/** Loaded when there is a flood, or something silenced. */
function watchFlood({ kind, card }) {
  const { most, desks } = store.page.flood;
  if (kind === 'emergency.received' && card?.priority <= 2 && !flood) lately.push(card);
  if (loading || (lately.length <= most * desks && !card?.shelved)) return;
  loading = import('./flood.js').then((module) => {
    flood = module;
    flood.start(lately);
  });
}

function hear(frame) {
  const { id, card } = frame;
  const before = open.get(id);
  const mine = card && store.isNew(card) && EVERY[card.priority] && !card.shelved;
  keep(id, mine ? card.priority : 0);
  flood?.hear(frame);
  watchFlood(frame);
  const fresh = mine && before !== card.priority && (flood?.isHeard(card) ?? true);
  if (fresh && card.priority === 1) announce(id, card);
  sound(fresh && (card.priority === 1 || !waiting(1)));
  titled();
}

function hearRaised({ detail: { topic, kind, id, card, ids } }) {
  if (topic !== 'system' || !kind.startsWith('alarm.')) return;
  if (ids) [...open.keys()].filter((each) => isRaised(each) && !ids.includes(each)).forEach((each) => keep(each, 0));
  else {
    const before = open.get(id);
    const calls = card?.open && card.desk === null && EVERY[card.priority];
    keep(id, calls ? card.priority : 0);
    sound(calls && before !== card.priority && (card.priority === 1 || !waiting(1)));
  }
  sound();
  drawTitle();
}

if (store.page) {
  document.body.addEventListener('live:frame', hearRaised);
  bind('sound', (chip) => {
    chips.push(chip);
    chip.addEventListener('click', test);
    drawChips();
  });
  bind('sound-test', (button) => button.addEventListener('click', test));
  store.watch('change', hear);
  drawTitle();
  watchFlood({ card: store.page.emergencies.map(([, , card]) => card).find(({ shelved }) => shelved) });
  // Any key or press lets the browser start sound; before that this only finds out whether it already may.
  ['pointerdown', 'keydown'].forEach((name) => document.addEventListener(name, wake, { once: true }));
  wake();
}
