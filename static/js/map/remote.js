/**
 * What the server counts in the present view: loaded only when the page could not take all emergencies in.
 *
 * `items` are drawn like the store's: one for each cell ({id: '', n, ...}) or, when few are left, for each emergency.
 * Asked when the map has come to rest, and after frames at most every two seconds; an answer that comes too late is
 * dropped, and one that does not come leaves the old picture and says so.
 */
import { shownState, watch } from '../live/store.js';
import { ask } from '../live/ticket.js';
import { isCoarse } from './marks.js';

const REST_MS = 150;
const FRESH_MS = 2_000;
const AGAIN_MS = 5_000;
const BEYOND = 0.25;

const turned = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

/** "west,south,east,north", a little more than can be seen, in steps of a quarter tile so that small moves ask nothing. */
export function boxOf(bounds, zoom) {
  const step = 90 / 2 ** zoom;
  const wide = bounds.pad(BEYOND);
  const down = (value) => Math.floor(value / step) * step;
  const up = (value) => Math.ceil(value / step) * step;
  const [west, east] = [down(wide.getWest()), up(wide.getEast())];
  const [south, north] = [Math.max(-90, down(wide.getSouth())), Math.min(90, up(wide.getNorth()))];
  if (east - west >= 360) return `-180,${south},180,${north}`;
  return `${turned(west)},${south},${turned(east) || 0},${north}`;
}

const cell = ([lon, lat, n, priority, untaken]) => ({ id: '', n, lat, lon, priority, untaken: untaken === 1 });
const point = ([id, lon, lat, priority, state, , accuracy]) => ({
  id, n: 1, lat, lon, priority, accuracy, untaken: state === 'new', closed: state === 'resolved', coarse: isCoarse(accuracy),
});

export class Remote {
  constructor(map, url, { changed, failed }) {
    Object.assign(this, { map, url, changed, failed });
    this.items = [];
    this.total = 0;
    this.etag = '';
    this.asked = '';
    this.last = 0;
    this.timer = 0;
    map.on('moveend', () => this.later(REST_MS));
    watch('draw', () => this.later(Math.max(REST_MS, this.last + FRESH_MS - performance.now())));
    this.ask();
  }

  later(wait) {
    const due = performance.now() + wait;
    if (this.timer && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.last = performance.now();
    const zoom = Math.round(this.map.getZoom());
    const asked = `${this.url}&state=${shownState()}&zoom=${zoom}&bbox=${boxOf(this.map.getBounds(), zoom)}`;
    // A slow answer for this very view is waited for; one for another view is not wanted any more.
    if (this.under === asked) return this.later(FRESH_MS);
    this.abort?.abort();
    this.abort = new AbortController();
    this.under = asked;
    const headers = asked === this.asked && this.etag ? { 'If-None-Match': this.etag } : {};
    try {
      const answer = await ask(asked, { headers, signal: this.abort.signal });
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(answer.statusText);
        this.take(await answer.json());
        this.asked = asked;
        this.etag = answer.headers.get('ETag') ?? '';
      }
      this.failed(false);
    } catch (error) {
      if (error.name === 'AbortError') return undefined;
      this.failed(true);
      this.later(AGAIN_MS);
    }
    if (this.under === asked) this.under = '';
    return undefined;
  }

  take({ total, cells, points }) {
    this.total = total;
    this.items = cells ? cells.map(cell) : points.map(point);
    this.changed();
  }
}
