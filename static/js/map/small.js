/** A small map for areas: the same base map as the common operating picture, under Leaflet's own shapes. */
import { Base } from './base.js';
import { Sheet } from './sheet.js';

const POINT = /^\s*([+-]?\d{1,4}(?:[.,]\d+)?)\s*[;,\s]\s*([+-]?\d{1,4}(?:[.,]\d+)?)\s*$/;

const START = { centre: [5, 100], zoom: 3 };

/** [lat, lon] of a line such as "22.45, 114.17", as the server reads it; null for anything else. */
export function numbers(line) {
  const found = POINT.exec(line);
  if (!found) return null;
  const [lat, lon] = found.slice(1).map((text) => Number(text.replace(',', '.')));
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : null;
}

/** Longitudes run on across the antimeridian (179, 181), so that a shape is drawn the short way. */
export function unrolled(ring) {
  let before = ring[0]?.[1] ?? 0;
  return ring.map(([lat, lon]) => {
    before += ((((lon - before) % 360) + 540) % 360) - 180;
    return [lat, before];
  });
}

/** The outline of a stored area. Parts on the other side of the antimeridian are moved beside the first. */
export function outline(area) {
  const polygons = area.type === 'MultiPolygon' ? area.coordinates : [area.coordinates];
  const first = polygons[0][0][0][0];
  const beside = (lon) => (first > 90 && lon < -90 ? lon + 360 : first < -90 && lon > 90 ? lon - 360 : lon);
  const rings = polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, beside(lon)])));
  return L.polygon(rings, { className: 'area-line', interactive: false });
}

/** A map in `element`; `look(map)` chooses the first view as soon as the element can be seen. */
export function smallMap(element, look = () => {}) {
  const map = L.map(element, {
    center: START.centre,
    zoom: START.zoom,
    minZoom: 2,
    maxZoom: 16,
    scrollWheelZoom: false,
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: false,
  });
  L.control.zoom({ position: 'bottomright', zoomInTitle: element.dataset.zoomIn, zoomOutTitle: element.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const base = new Base();
  const ground = new Sheet((pen) => base.paint(pen), { pane: 'tilePane' }).addTo(map);
  base.load(element.dataset.world, element.dataset.places).finally(() => ground.redraw());
  document.body.addEventListener('theme:changed', () => ground.redraw());
  // The wheel scrolls the page until the map has focus.
  element.addEventListener('focus', () => map.scrollWheelZoom.enable());
  element.addEventListener('blur', () => map.scrollWheelZoom.disable());
  let seen = false;
  new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    if (seen || !element.clientWidth) return;
    seen = true;
    map.setView(START.centre, START.zoom, { animate: false });
    look(map);
  }).observe(element);
  return map;
}
