/** Everything drawn over the base map, worst on top, and what lies under the pointer. */
import { isAlarm, isNew, isOpen, hasPlace, shown } from '../live/store.js';
import { clustered } from './cluster.js';
import { WORLD, flat, pathOf } from './paths.js';
import * as symbols from './symbols.js';

const COARSE_M = 1000;
const PULSE_MS = 300;
/** From here a symbol says "281 rb" ("281K"); the hint and the list say the whole number. */
const SHORTENED_FROM = 100_000;
const CIRCLE_AT_ZOOM_3 = 34;
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** The accuracy that a fix on the street has is drawn solid; everything else is dashed. */
export const isCoarse = (accuracy) => accuracy === null || accuracy > COARSE_M;

/** One emergency as the map draws it; the server's cells have the same fields, and n above 1. */
function itemOf({ id, card }) {
  const { lat, lon, priority, accuracy } = card;
  return { id, n: 1, lat, lon, priority, accuracy, untaken: isNew(card), closed: !isOpen(card), coarse: isCoarse(accuracy) };
}

export class Marks {
  constructor({ missions, headcounts, crises, glyph, locale }) {
    Object.assign(this, { missions, headcounts, crises, glyph, locale });
    this.layers = new Set();
    this.estimator = '';
    this.selected = { type: '', id: '' };
    this.marks = new Map();
    this.pulses = new Map();
    this.areas = new Map();
    this.hits = [];
    this.remote = null;
    this.short = new Intl.NumberFormat(document.documentElement.lang, { notation: 'compact', maximumSignificantDigits: 3 });
    this.face = getComputedStyle(document.body).fontFamily;
  }

  paint(pen) {
    this.hits = [];
    if (this.layers.has('crises')) this.paintCrises(pen);
    if (this.layers.has('headcounts')) this.paintHeadcounts(pen);
    if (this.layers.has('missions')) this.paintMissions(pen);
    if (this.layers.has('emergencies')) this.paintEmergencies(pen);
  }

  hit(type, id, x, y, r, members = null) {
    this.hits.push({ type, id, x, y, r, members });
    const { selected } = this;
    if (selected.id && type === selected.type && (id === selected.id || members?.some((item) => item.id === selected.id))) {
      symbols.selectedRing(this.context, this.colours, x, y, r + 6);
    }
  }

  areaOf(crisis) {
    if (this.areas.get(crisis.slug)?.of !== crisis.area) {
      this.areas.set(crisis.slug, { of: crisis.area, ...pathOf(crisis.area) });
    }
    return this.areas.get(crisis.slug);
  }

  paintCrises(pen) {
    for (const crisis of this.crises.values()) {
      const { path, box } = this.areaOf(crisis);
      const chosen = this.selected.type === 'crisis' && this.selected.id === crisis.slug;
      pen.world(box, (context, px) => {
        context.fillStyle = pen.colours.critical;
        context.globalAlpha = 0.08;
        context.fill(path, 'evenodd');
        context.globalAlpha = 1;
        context.setLineDash([7 * px, 5 * px]);
        context.strokeStyle = chosen ? pen.colours.info : pen.colours.critical;
        context.lineWidth = (chosen ? 3 : 1.6) * px;
        context.stroke(path);
        this.areaHit(pen, context, crisis.slug, path, box);
      });
    }
  }

  areaHit(pen, context, id, path, box) {
    const at = context.getTransform();
    const x = ((box[0] + box[2]) / 2) * (at.a / pen.ratio) + at.e / pen.ratio;
    const y = ((box[1] + box[3]) / 2) * (at.d / pen.ratio) + at.f / pen.ratio;
    this.hits.push({ type: 'crisis', id, x, y, r: 0, path, at, ratio: pen.ratio, context });
  }

  shownHeadcounts() {
    return this.headcounts.filter((each) => each.estimator === this.estimator);
  }

  /** Area in proportion to the number; one estimator only, so nothing is ever compared with another kind of count. */
  paintHeadcounts(pen) {
    Object.assign(this, { context: pen.context, colours: pen.colours });
    const list = this.shownHeadcounts();
    const most = Math.max(1, ...list.map((each) => each.high ?? each.value));
    const full = Math.min(110, CIRCLE_AT_ZOOM_3 * 1.35 ** (pen.zoom - 3));
    const radius = (n) => Math.max(2.5, full * Math.sqrt(n / most));
    for (const each of list) {
      const low = radius(each.low ?? each.value);
      const high = radius(each.high ?? each.value);
      for (const [x, y] of pen.at(each.lon, each.lat)) {
        if (!pen.sees(x, y, high)) continue;
        symbols.headcount(pen.context, pen.colours, { low, high }, x, y);
        this.hit('headcount', each.id, x, y, Math.max(low, 6));
      }
    }
  }

  paintMissions(pen) {
    Object.assign(this, { context: pen.context, colours: pen.colours });
    const big = pen.zoom >= 5;
    const weight = (each) => (this.marks.has(each.code) ? 1 : 0);
    for (const each of [...this.missions].sort((a, b) => weight(a) - weight(b))) {
      const mark = this.marks.get(each.code);
      for (const [x, y] of pen.at(each.lon, each.lat)) {
        if (!pen.sees(x, y)) continue;
        symbols.mission(pen.context, pen.colours, { precision: each.precision, mark }, x, y, { big, glyph: this.glyph });
        this.hit('mission', each.code, x, y, mark || big ? 10 : 6);
      }
    }
  }

  /** What the store holds, or what the server counted in the view when the page could not take everything in. */
  items() {
    if (this.remote) return this.remote.items;
    const entries = shown();
    if (this.of !== entries) {
      this.of = entries;
      this.placed = entries.filter(({ card }) => hasPlace(card)).map(itemOf);
    }
    return this.placed;
  }

  /** Items by place, worst last: reckoned once for a scale, until the items change. */
  groups(scale) {
    const items = this.items();
    if (this.grouped?.items === items && this.grouped.scale === scale) return this.grouped.groups;
    const groups = clustered(items.map((item) => {
      const [x, y] = flat(item.lon, item.lat);
      return { x: x * scale, y: y * scale, n: item.n, item };
    }));
    for (const group of groups) {
      group.members = group.members.map(({ item }) => item);
      group.worst = Math.min(...group.members.map(({ priority, untaken }) => priority + (untaken ? 0 : 10)));
    }
    groups.sort((a, b) => b.worst - a.worst);
    this.grouped = { items, scale, groups };
    return groups;
  }

  paintEmergencies(pen) {
    Object.assign(this, { context: pen.context, colours: pen.colours });
    const width = WORLD * pen.scale;
    for (const group of this.groups(pen.scale)) {
      for (const k of pen.copies) {
        const x = group.x + k * width - pen.shift[0];
        const y = group.y - pen.shift[1];
        if (pen.sees(x, y)) this.paintGroup(pen, group, x, y);
      }
    }
  }

  paintGroup(pen, { n, worst, members: items }, x, y) {
    const { context, colours } = pen;
    const untaken = worst < 10;
    const priority = worst % 10;
    this.paintPulse(pen, items, priority, x, y);
    if (n > 1) {
      const text = (n < SHORTENED_FROM ? this.locale : this.short).format(n);
      const r = symbols.cluster(context, colours, { priority, untaken }, x, y, this.face, text);
      this.hit('emergency', '', x, y, r, items);
      return;
    }
    const [item] = items;
    symbols.emergency(context, colours, { ...item, untaken }, x, y);
    this.hit('emergency', item.id, x, y, 12, item.id ? null : items);
    if (this.selected.id === item.id) this.paintAccuracy(pen, item, x, y);
  }

  /** The circle in which the citizen is, once it is larger than the symbol. */
  paintAccuracy(pen, { lat, accuracy }, x, y) {
    const metres = 156543.034 * Math.cos((lat * Math.PI) / 180) / pen.scale;
    const r = (accuracy ?? 0) / metres;
    if (r < 14 || r > 4000) return;
    pen.context.beginPath();
    pen.context.arc(x, y, r, 0, Math.PI * 2);
    pen.context.setLineDash([6, 4]);
    pen.context.strokeStyle = pen.colours.info;
    pen.context.lineWidth = 1.5;
    pen.context.stroke();
    pen.context.setLineDash([]);
  }

  /** One ring that grows for 300 ms when an alarm arrives; nothing blinks, nothing repeats. */
  paintPulse(pen, items, priority, x, y) {
    const since = this.pulses.size && items.map(({ id }) => this.pulses.get(id)).find(Boolean);
    const part = since ? (performance.now() - since) / PULSE_MS : 1;
    if (part >= 1) return;
    pen.context.beginPath();
    pen.context.arc(x, y, 14 + 26 * part, 0, Math.PI * 2);
    pen.context.globalAlpha = 1 - part;
    pen.context.strokeStyle = pen.colours[symbols.toneOf(priority)];
    pen.context.lineWidth = 3;
    pen.context.stroke();
    pen.context.globalAlpha = 1;
  }

  pulse(id, card, redraw) {
    if (!card || !isAlarm(card) || !hasPlace(card) || still.matches) return;
    this.pulses.set(id, performance.now());
    const step = () => {
      redraw();
      if (performance.now() - this.pulses.get(id) < PULSE_MS) requestAnimationFrame(step);
      else this.pulses.delete(id);
    };
    step();
  }

  /** What lies at a pixel of the sheet: the last drawn first; an area only when nothing else is there. */
  under({ x, y }) {
    const near = this.hits.findLast((hit) => !hit.path && Math.hypot(hit.x - x, hit.y - y) <= Math.max(hit.r, 8));
    return near ?? this.hits.findLast((hit) => hit.path && this.insideArea(hit, x, y));
  }

  insideArea({ path, at, ratio, context }, x, y) {
    context.save();
    context.setTransform(at);
    const found = context.isPointInPath(path, x * ratio, y * ratio, 'evenodd');
    context.restore();
    return found;
  }
}
