/**
 * Giving an area without dragging: a click, or Enter at the cross, sets a corner or a centre.
 * The form's own fields stay the truth: they can be typed into, and work without this module.
 */
import { bind } from '../ui/bind.js';
import { numbers, smallMap, unrolled } from './small.js';

const EARTH_M_PER_KM = 1000;
const round = (value) => String(Math.round(value * 1e5) / 1e5);

function told(field, value) {
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Calls set(latlng) for a click and for Enter at the cross in the middle. */
function listen(map, set) {
  map.on('click', (event) => set(event.latlng.wrap()));
  map.getContainer().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    set(map.getCenter().wrap());
  });
}

function look(map, points) {
  if (points.length) map.fitBounds(points, { padding: [40, 40], maxZoom: 8, animate: false });
}

function corner(at, number) {
  const html = document.createElement('span');
  html.textContent = number;
  return L.marker(at, { icon: L.divIcon({ html, className: 'corner', iconSize: [22, 22] }), interactive: false, keyboard: false });
}

bind('polygon', (root) => {
  const field = document.getElementById(root.dataset.for);
  const lines = () => field.value.split('\n').filter((line) => line.trim());
  root.hidden = false;
  const corners = () => unrolled(lines().map(numbers).filter(Boolean));
  const map = smallMap(root.querySelector('[data-polygon-map]'), (seen) => look(seen, corners()));
  const drawn = L.layerGroup().addTo(map);
  const draw = () => {
    drawn.clearLayers();
    const ring = corners();
    if (ring.length > 1) drawn.addLayer(L.polygon(ring, { className: 'area-line', interactive: false }));
    ring.forEach((at, index) => drawn.addLayer(corner(at, index + 1)));
  };
  const add = ({ lat, lng }) => told(field, [...lines(), `${round(lat)}, ${round(lng)}`].join('\n'));
  listen(map, add);
  field.addEventListener('input', draw);
  root.querySelector('[data-add]').addEventListener('click', () => add(map.getCenter().wrap()));
  root.querySelector('[data-undo]').addEventListener('click', () => told(field, lines().slice(0, -1).join('\n')));
  root.querySelector('[data-clear]').addEventListener('click', () => told(field, ''));
  draw();
});

bind('point', (root) => {
  const { lat, lon, radius_km: radius } = root.closest('form').elements;
  root.hidden = false;
  const centre = () => numbers(`${lat.value} ${lon.value}`);
  const kilometres = () => Number(radius.value.replace(',', '.'));
  /** The whole circle; the point alone while it has no radius. */
  const see = (seen) => {
    const at = centre();
    if (!at || !(kilometres() > 0)) return look(seen, at ? [at] : []);
    const bounds = L.latLng(at).toBounds(2 * kilometres() * EARTH_M_PER_KM);
    return look(seen, [bounds.getSouthWest(), bounds.getNorthEast()]);
  };
  const map = smallMap(root.querySelector('[data-point-map]'), see);
  const drawn = L.layerGroup().addTo(map);
  const draw = () => {
    drawn.clearLayers();
    const at = centre();
    if (!at) return;
    const km = kilometres();
    if (km > 0) drawn.addLayer(L.circle(at, { radius: km * EARTH_M_PER_KM, className: 'area-line', interactive: false }));
    drawn.addLayer(corner(at, '+'));
  };
  listen(map, (place) => {
    lat.value = round(place.lat);
    told(lon, round(place.lng));
  });
  for (const field of [lat, lon, radius]) {
    field.addEventListener('input', draw);
    field.addEventListener('change', () => see(map)); // who typed sees it all; who clicked keeps the map still
  }
  draw();
});
