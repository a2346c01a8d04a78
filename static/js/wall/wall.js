/**
 * A wall that runs for months: it says when its data is old, moves a few pixels each hour, and loads itself anew at
 * night. It makes no sound: the alarm channel is the desks' (ux.md 4.13).
 */
import { bind, fill } from '../ui/bind.js';
import { hours, now } from '../ui/clock.js';
import '../ui/strip.js';

const STALE_AFTER = 60_000;
/** The banner must stand within the minute, and it is drawn once a second, later on a busy screen. */
const MARGIN = 3_000;
const WIB = 7 * 3600e3;
const HOUR = 3600e3;
const RELOAD_AT = 4;
const RETRY = 60_000;
/** Pixels to the right and down, an hour each: what stands still burns in. */
const SHIFTS = [[0, 0], [6, 0], [6, 6], [0, 6], [-6, 6], [-6, 0], [-6, -6], [0, -6]];

const wibHour = (at) => Math.floor(((at + WIB) / HOUR) % 24);
const wibDay = (at) => Math.floor((at + WIB) / (24 * HOUR));

const localTimes = new Map();

/** The time of day in a zone, "23.05". */
function timeIn(zone, at) {
  if (!localTimes.has(zone)) {
    localTimes.set(zone, new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }));
  }
  return localTimes.get(zone).format(at).replace(':', document.documentElement.dataset.timeSeparator);
}

bind('wall', (wall) => {
  const banner = document.getElementById('wall-stale');
  let contact = now();
  let loadedOn = wibDay(now());
  let tried = 0;

  document.body.addEventListener('live:state', ({ detail }) => {
    const at = typeof detail.at === 'number' ? detail.at : Date.parse(detail.at);
    // Going back is right too: the device's clock was put right.
    if (!Number.isNaN(at)) contact = Math.min(at, now());
  });

  function drawBanner(at) {
    const stale = at - contact > STALE_AFTER - MARGIN;
    banner.hidden = !stale;
    wall.classList.toggle('is-broken', stale);
    if (stale) banner.textContent = fill(banner.dataset.words, { t: hours(contact) });
  }

  /** At 04.00 WIB, while no P1 is open, and only when the server is there to answer. */
  async function reloadAtNight(at) {
    if (wibHour(at) !== RELOAD_AT || wibDay(at) === loadedOn || at - tried < RETRY) return;
    tried = at;
    if (Number(document.getElementById('wall-urgent')?.dataset.critical ?? 1) > 0) return;
    const answer = await fetch(location.href, { redirect: 'error' }).catch(() => null);
    if (answer?.ok) location.reload();
  }

  document.addEventListener('clock:tick', ({ detail: at }) => {
    drawBanner(at);
    const [x, y] = SHIFTS[Math.floor(at / HOUR) % SHIFTS.length];
    wall.style.translate = `${x}px ${y}px`;
    wall.querySelectorAll('[data-zone]').forEach((element) => {
      const text = timeIn(element.dataset.zone, at);
      if (element.textContent !== text) element.textContent = text;
    });
    reloadAtNight(at);
  });
  if (wibHour(now()) < RELOAD_AT) loadedOn -= 1;
});
