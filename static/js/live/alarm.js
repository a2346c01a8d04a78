/**
 * The alarm (ux.md 3.5): motif A every 15 s until no P1 is left that nobody has taken, else motif B every 60 s for P2.
 *
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

/** Not taken P1 and P2 by id; the page brings those outside its filter too. */
const open = new Map(store.page?.alarms ?? []);
let context = null;
const motifs = {};
let playing = null;
let chips = [];
let failed = false;

const waiting = (priority) => [...open.values()].filter((each) => each === priority).length;
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
  document.title = n ? `(${n}!) ${title}` : title;
  document.querySelectorAll('[data-part="outside"]').forEach((notice) => {
    const outside = [...open].filter(([id, priority]) => priority === 1 && !store.get(id)).length;
    notice.hidden = outside === 0;
    notice.querySelector('[data-part="n"]').textContent = outside;
  });
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

function hear({ id, card }) {
  const before = open.get(id);
  const mine = card && store.isNew(card) && EVERY[card.priority];
  if (mine) open.set(id, card.priority);
  else open.delete(id);
  if (mine && card.priority === 1 && before !== 1) announce(id, card);
  sound(mine && before !== card.priority && (card.priority === 1 || !waiting(1)));
  drawTitle();
}

if (store.page) {
  bind('sound', (chip) => {
    chips.push(chip);
    chip.addEventListener('click', test);
    drawChips();
  });
  bind('sound-test', (button) => button.addEventListener('click', test));
  store.watch('change', hear);
  drawTitle();
  // Any key or press lets the browser start sound; before that this only finds out whether it already may.
  ['pointerdown', 'keydown'].forEach((name) => document.addEventListener(name, wake, { once: true }));
  wake();
}
