/** Where the citizen is: one fix after the other until the request is resolved, each with its accuracy, time and age. */
import { keep, kept } from './sos-store.js';
import { fill, put, show, time, words } from './sos-parts.js';

const FIX_WITHIN = 10_000;
const AGAIN = 30_000;
const STALE = 10 * 60_000;
const DAY = 24 * 3600_000;
const KEY = 'fix';

let watch = 0;
let last = null;
let sentAt = 0;
let refused = false;
let moved = () => undefined;

const age = () => Date.now() - Date.parse(last.fixed_at);

/** Calls act(fix) for each fix worth telling: the first, a much better one, and one every half minute. */
export async function follow(act) {
  moved = act;
  const old = await kept(KEY);
  if (!last && old && Date.now() - Date.parse(old.fixed_at) < DAY) last = old;
  draw();
}

/** The last fix, if it still says where the citizen is. */
export const fresh = () => (last && age() < STALE ? last : null);

/** What an older fix and the telephone's clock let one guess, in words: it never decides who answers. */
export function hint() {
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  const old = last && !fresh() ? fill(words.hintFix, { lat: last.lat, lon: last.lon, at: `${last.fixed_at.slice(0, 16)}Z` }) : '';
  return [zone && fill(words.hintZone, { zone }), old].filter(Boolean).join('; ').slice(0, 120);
}

export function draw() {
  const searching = watch && !refused ? words.positionSearching : '';
  const stale = last && !fresh();
  put('position', last ? fill(words.positionFound, { metres: last.accuracy_m, time: time(last.fixed_at) }) : refused ? words.positionRefused : searching);
  show('stale', Boolean(stale));
  if (stale) put('stale', fill(words.stale, { minutes: Math.round(age() / 60_000) }));
  show('where-now', refused && !fresh());
}

function located({ coords, timestamp }) {
  const { latitude: lat, longitude: lon, accuracy } = coords;
  if (Math.abs(lat) < 1e-3 && Math.abs(lon) < 1e-3) return;
  const first = !fresh();
  const metres = Math.round(accuracy);
  const better = first || refused || metres < last.accuracy_m / 2;
  refused = false;
  last = { lat, lon, accuracy_m: metres, fixed_at: new Date(Math.min(timestamp, Date.now())).toISOString(), source: 'gps' };
  draw();
  if (!better && Date.now() - sentAt < AGAIN) return;
  sentAt = Date.now();
  keep(KEY, () => last);
  moved(last);
}

function notLocated() {
  refused = true;
  draw();
}

/** Begins, or begins anew: some telephones stop a page that was out of sight. */
export function locate() {
  if (!navigator.geolocation) return notLocated();
  navigator.geolocation.clearWatch(watch);
  watch = navigator.geolocation.watchPosition(located, notLocated, { enableHighAccuracy: true, maximumAge: 60_000, timeout: FIX_WITHIN });
  draw();
}

/** Nobody needs to know any more: the last fix is forgotten too. */
export function stop() {
  if (!watch) return;
  navigator.geolocation.clearWatch(watch);
  watch = 0;
  keep(KEY, () => null);
}

/** Where the citizen allowed it before, the position is ready when the button is pressed. */
export async function warmUp() {
  const asked = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  if (asked?.state === 'granted') locate();
}
