/** The map of the common operating picture: Leaflet moves it, two canvases draw it, the store says what is on it. */
import { bind, fill } from '../ui/bind.js';
import { choose } from '../live/queue-keys.js';
import { word } from '../live/row.js';
import * as store from '../live/store.js';
import { Base } from './base.js';
import { Marks } from './marks.js';
import { Sheet } from './sheet.js';

const WHEEL_HINT_MS = 1600;
const CLOSEST = 15;
const ROOMY = 800;

/** What {% leaflet_json_config %} says, as the options L.Map.djangoMap reads. */
function options(config) {
  return {
    djoptions: {
      srid: null,
      extent: null,
      fitextent: false,
      center: config.DEFAULT_CENTER,
      zoom: config.DEFAULT_ZOOM,
      minzoom: config.MIN_ZOOM,
      maxzoom: config.MAX_ZOOM,
      layers: [],
      overlays: [],
      attributionprefix: config.ATTRIBUTION_PREFIX,
      scale: config.SCALE,
      minimap: false,
      resetview: false,
    },
    zoomControl: false,
    scrollWheelZoom: false,
    boxZoom: true,
    // A step of zoom is one drawing: moving two canvases for a quarter of a second is what a slow screen can't keep up with.
    zoomAnimation: false,
    maxBounds: [[-84, -Infinity], [84, Infinity]],
    maxBoundsViscosity: 1,
  };
}

function startMap(root) {
  const map = L.Map.djangoMap(root, options(JSON.parse(root.dataset.config)));
  L.control.zoom({ position: 'bottomright', zoomInTitle: root.dataset.zoomIn, zoomOutTitle: root.dataset.zoomOut }).addTo(map);
  root.setAttribute('role', 'application');
  root.setAttribute('aria-label', root.dataset.label);
  return map;
}

/** The wheel scrolls the page unless Ctrl is held or the map has focus; then it zooms. */
function wheel(root, map) {
  const hint = document.querySelector('[data-part="wheel"]');
  let timer = 0;
  root.addEventListener('focus', () => map.scrollWheelZoom.enable());
  root.addEventListener('blur', () => map.scrollWheelZoom.disable());
  root.addEventListener('wheel', (event) => {
    const may = event.ctrlKey || document.activeElement === root;
    if (event.ctrlKey) event.preventDefault();
    if (may) map.scrollWheelZoom.enable();
    else map.scrollWheelZoom.disable();
    hint.hidden = may;
    clearTimeout(timer);
    timer = setTimeout(() => { hint.hidden = true; }, WHEEL_HINT_MS);
  }, { capture: true, passive: false });
}

/** The mission glyph comes from the page's own sprite, so map and legend show the same sign. */
async function glyphOf(url, name) {
  const answer = await fetch(url);
  const sprite = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
  const symbol = sprite.getElementById(name);
  const path = new Path2D();
  symbol.querySelectorAll('path').forEach((each) => path.addPath(new Path2D(each.getAttribute('d'))));
  return { path, size: Number(symbol.getAttribute('viewBox').split(' ')[2]) };
}

let side = null;

/** The side panel is loaded when somebody first chooses something that it shows. */
async function panel(kind, ...what) {
  side ??= await import('./side.js');
  side[kind](...what);
}

const many = (items) => items.reduce((sum, { n }) => sum + n, 0);

function boundsOf(points) {
  return L.latLngBounds(points.map(({ lat, lon }) => [lat, lon]));
}

/** Where to look first: the chosen crisis, the chosen emergencies, the reader's own mission, else the usual view. */
function firstView(map, marks) {
  const { filter, own } = store.page;
  const crisis = marks.crises.get(filter.crisis);
  const mission = marks.missions.find(({ code }) => code === (filter.mission || own));
  const placed = store.shown().map(({ card }) => card).filter(store.hasPlace);
  const narrowed = filter.country || filter.mission || own;
  if (crisis) map.fitBounds(boundsOf(pointsOf(crisis.area)), { padding: [40, 40], maxZoom: 9 });
  else if (narrowed && placed.length) {
    map.fitBounds(boundsOf(mission ? [...placed, mission] : placed), { padding: [60, 60], maxZoom: 8 });
  } else if (mission) map.setView([mission.lat, mission.lon], 6);
}

function pointsOf(area) {
  return area.coordinates.flat(area.type === 'MultiPolygon' ? 2 : 1).map(([lon, lat]) => ({ lat, lon }));
}

/** One map on one page: what is drawn, what is chosen, and how both follow the page. */
class View {
  constructor(root) {
    const { page } = store;
    this.root = root;
    this.hint = document.querySelector('[data-part="hint"]');
    this.map = startMap(root);
    this.base = new Base();
    this.locale = new Intl.NumberFormat(document.documentElement.lang);
    this.marks = new Marks({
      missions: page.missions.filter(({ lat }) => lat !== null),
      headcounts: page.headcounts,
      crises: new Map(page.crises.map((crisis) => [crisis.slug, crisis])),
      glyph: null,
      locale: this.locale,
    });
    this.ground = new Sheet((pen) => this.base.paint(pen), { pane: 'tilePane' }).addTo(this.map);
    this.top = new Sheet((pen) => this.marks.paint(pen), { pane: 'overlayPane' }).addTo(this.map);
    this.list = document.querySelector('[data-part="objects"]');
    this.redrawList = () => {};
    this.list.addEventListener('toggle', () => this.listObjects(), { once: true });
  }

  /** The list in words is loaded when somebody first opens it. */
  async listObjects() {
    const { objects } = await import('./objects.js');
    this.redrawList = objects(this.list, this.map, this.marks, this.base);
    this.redrawList();
  }

  /** More emergencies than the page holds: the map shows what the server counts in the view. */
  async askServer(url) {
    const { Remote } = await import('./remote.js');
    const notice = document.querySelector('[data-part="map-cells"]');
    this.marks.remote = new Remote(this.map, url, {
      changed: () => this.redraw(),
      failed: (missing) => { notice.hidden = !missing; },
    });
  }

  redraw() {
    this.top.redraw();
    this.redrawList();
  }

  load() {
    const { dataset } = this.root;
    const status = document.querySelector('[data-part="map-state"]');
    this.base.load(dataset.world, dataset.places).then(() => {
      status.hidden = true;
      this.ground.redraw();
    }).catch(() => {
      status.className = 'state state--failed map-state';
      status.removeAttribute('aria-busy');
      status.textContent = dataset.failed;
    });
    // Without the glyph a mission is still a square.
    glyphOf(dataset.sprite, 'diplomatic-mission').then((glyph) => {
      this.marks.glyph = glyph;
      this.top.redraw();
    }).catch(() => {});
  }

  /** The ribbon's panel says which mission is silent and what new crises are called; cards hold no names. */
  readRibbon() {
    const { marks } = this;
    marks.marks.clear();
    document.querySelectorAll('[data-mission][data-mark]').forEach(({ dataset }) => {
      if (!marks.marks.has(dataset.mission)) marks.marks.set(dataset.mission, dataset.mark);
    });
    document.querySelectorAll('[data-crisis][data-name]').forEach(({ dataset }) => {
      const known = marks.crises.get(dataset.crisis);
      if (known) known.name = dataset.name;
    });
    this.redraw();
  }

  readLayers() {
    this.marks.layers = new Set([...document.querySelectorAll('[data-layer]:checked')].map((box) => box.dataset.layer));
    this.marks.estimator = document.querySelector('[data-part="estimator"]')?.value ?? '';
    this.redraw();
  }

  missionOf(code) {
    return this.marks.missions.find((each) => each.code === code);
  }

  headcountOf(id) {
    return this.marks.headcounts.find((each) => each.id === id);
  }

  describe({ type, id, members }) {
    if (members) return fill(this.root.dataset.cluster, { n: this.locale.format(many(members)) });
    if (type === 'mission') return this.missionOf(id)?.name ?? '';
    if (type === 'crisis') return this.marks.crises.get(id)?.name ?? '';
    if (type === 'headcount') return word('countries', this.headcountOf(id)?.country);
    const { card } = store.get(id) ?? {};
    return card ? `P${card.priority} · ${word('natures', card.type)} · ${word('countries', card.country)}` : id;
  }

  /** Closer, until its members stand apart; those that stand on one spot are listed. */
  openCluster(items) {
    const { map } = this;
    const bounds = boundsOf(items);
    const spread = !bounds.getSouthWest().equals(bounds.getNorthEast(), 1e-4);
    const cells = items.some(({ id }) => !id);
    if (map.getZoom() >= CLOSEST || (!spread && !cells)) return panel('members', items.map(({ id }) => id), many(items));
    const zoom = spread ? map.getBoundsZoom(bounds.pad(0.3)) : map.getZoom() + 2;
    return map.setView(bounds.getCenter(), Math.min(CLOSEST, Math.max(zoom, map.getZoom() + 1)));
  }

  select({ type, id, members = null }) {
    this.marks.selected = { type, id };
    if (members) this.openCluster(members);
    else if (type === 'mission') panel('mission', this.missionOf(id), this.marks.marks.get(id));
    else if (type === 'headcount') panel('headcount', this.headcountOf(id));
    else if (type === 'crisis') panel('crisis', this.marks.crises.get(id));
    else if (id && !store.get(id)) panel('emergency', this.marks.items().find((item) => item.id === id));
    else {
      side?.close();
      choose(id, 'map');
    }
    this.redraw();
  }

  goTo(id) {
    const card = store.get(id)?.card ?? this.marks.items().find((item) => item.id === id);
    if (!card || !store.hasPlace(card)) return;
    const turns = Math.round((this.map.getCenter().lng - card.lon) / 360) * 360;
    this.map.setView([card.lat, card.lon + turns], Math.max(this.map.getZoom(), 6));
  }

  under(event) {
    return this.marks.under(this.top.toSheet(event.containerPoint));
  }

  hover(event) {
    const hit = this.under(event);
    this.root.classList.toggle('has-hit', Boolean(hit));
    this.hint.hidden = !hit;
    if (!hit) return;
    this.hint.textContent = this.describe(hit);
    this.hint.style.transform = `translate(${event.containerPoint.x + 14}px, ${event.containerPoint.y + 14}px)`;
  }

  /** Pointer, layer boxes and the list of objects. */
  listen() {
    this.map.on('click', (event) => this.select(this.under(event) ?? { type: '', id: '' }));
    this.map.on('mousemove', (event) => this.hover(event));
    this.map.on('mouseout movestart', () => { this.hint.hidden = true; });
    document.querySelectorAll('[data-layer], [data-part="estimator"]').forEach((box) => {
      box.addEventListener('change', () => this.readLayers());
    });
    this.list.addEventListener('click', (event) => {
      const chosen = event.target.closest('button[data-type]');
      if (!chosen) return;
      if (chosen.dataset.type === 'cluster') return this.openCluster([this.marks.items()[Number(chosen.dataset.id)]]);
      if (chosen.dataset.type === 'emergency') this.goTo(chosen.dataset.id);
      return this.select({ type: chosen.dataset.type, id: chosen.dataset.id });
    });
    wheel(this.root, this.map);
    new ResizeObserver(() => this.map.invalidateSize({ pan: false })).observe(this.root);
  }

  /** Frames, the queue's choice, the ribbon and the theme. */
  follow() {
    const { body } = document;
    store.watch('draw', (ids) => {
      this.redraw();
      ids.forEach((id) => this.marks.pulse(id, store.get(id)?.card, () => this.top.redraw()));
    });
    body.addEventListener('live:frame', ({ detail }) => this.takeCrisis(detail));
    body.addEventListener('picture:select', ({ detail: { type, id, from } }) => {
      if (from === 'map') return;
      this.marks.selected = { type, id };
      if (from === 'key') this.goTo(id);
      this.redraw();
    });
    body.addEventListener('theme:changed', () => {
      this.ground.redraw();
      this.top.redraw();
    });
    body.addEventListener('htmx:afterSettle', () => this.readRibbon());
  }

  takeCrisis({ kind, id, card }) {
    if (!kind.startsWith('crisis.') || card === 'reload') return;
    const { crises } = this.marks;
    if (card?.open) crises.set(id, { ...crises.get(id), slug: id, ...card });
    else crises.delete(id);
    this.redraw();
  }
}

bind('map', (root) => {
  if (!store.page || !window.L) return;
  const view = new View(root);
  view.load();
  view.listen();
  view.follow();
  if (root.clientWidth < ROOMY) document.querySelector('.map-layers').open = false;
  view.readLayers();
  view.readRibbon();
  firstView(view.map, view.marks);
  if (store.page.clusters) view.askServer(store.page.clusters);
});
