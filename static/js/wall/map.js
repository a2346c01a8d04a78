/** The wall's map: the picture's base, marks and store, without anything to press. */
import * as store from '../live/store.js';
import { Base } from '../map/base.js';
import { Marks } from '../map/marks.js';
import { Sheet } from '../map/sheet.js';
import { bind } from '../ui/bind.js';

const START = { centre: [8, 105], zoom: 3 };
const CLOSEST = 7;

function crisesNow() {
  const found = JSON.parse(document.getElementById('wall-crises')?.textContent ?? '[]');
  return new Map(found.map((crisis) => [crisis.slug, crisis]));
}

function marksNow() {
  return new Map([...document.querySelectorAll('[data-mission][data-mark]')].map(({ dataset }) => [dataset.mission, dataset.mark]));
}

/** Everything that is open; the whole world when nothing is. */
function look(map, marks) {
  const points = store.shown().map(({ card }) => card).filter(store.hasPlace).map(({ lat, lon }) => [lat, lon]);
  for (const { area } of marks.crises.values()) {
    points.push(...area.coordinates.flat(area.type === 'MultiPolygon' ? 2 : 1).map(([lon, lat]) => [lat, lon]));
  }
  const late = marks.missions.filter(({ code }) => marks.marks.has(code));
  points.push(...late.map(({ lat, lon }) => [lat, lon]));
  if (points.length) map.fitBounds(L.latLngBounds(points), { padding: [60, 60], maxZoom: CLOSEST, animate: false });
  else map.setView(START.centre, START.zoom, { animate: false });
}

bind('wall-map', (root) => {
  if (!store.page || !window.L) return;
  const map = L.map(root, {
    center: START.centre,
    zoom: START.zoom,
    minZoom: 1,
    zoomSnap: 0.25,
    zoomControl: false,
    attributionControl: false,
    dragging: false,
    keyboard: false,
    scrollWheelZoom: false,
    doubleClickZoom: false,
    boxZoom: false,
    touchZoom: false,
    zoomAnimation: false,
    fadeAnimation: false,
  });
  const base = new Base();
  const marks = new Marks({
    missions: store.page.missions,
    headcounts: [],
    crises: crisesNow(),
    glyph: null,
    locale: new Intl.NumberFormat(document.documentElement.lang),
  });
  marks.layers = new Set(['crises', 'missions', 'emergencies']);
  const ground = new Sheet((pen) => base.paint(pen), { pane: 'tilePane' }).addTo(map);
  const top = new Sheet((pen) => marks.paint(pen), { pane: 'overlayPane' }).addTo(map);
  base.load(root.dataset.world, root.dataset.places).catch(() => {}).finally(() => ground.redraw());

  const panel = document.getElementById('wall-silent');
  const read = () => {
    Object.assign(marks, { crises: crisesNow(), marks: marksNow() });
    marks.areas.clear();
    look(map, marks);
    top.redraw();
  };
  new MutationObserver(read).observe(panel, { subtree: true, childList: true, characterData: true, attributeFilter: ['data-mark'] });
  store.watch('draw', () => {
    look(map, marks);
    top.redraw();
  });
  new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    look(map, marks);
  }).observe(root);
  read();
  if (store.page.clusters) {
    import('../map/remote.js').then(({ Remote }) => {
      marks.remote = new Remote(map, `${root.dataset.clusters}?priority=`, { changed: () => top.redraw(), failed: () => {} });
    });
  }
});
