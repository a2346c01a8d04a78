/** The map of one area: its outline, the emergencies and missions that the page lists (the lists are its text). */
import { bind } from '../ui/bind.js';
import { outline, smallMap } from './small.js';

function mark(element, size, at) {
  const icon = L.divIcon({ html: element, className: '', iconSize: [size, size] });
  return L.marker(at, { icon, interactive: false, keyboard: false });
}

function placed(selector) {
  const rows = selector ? document.querySelectorAll(`${selector} [data-lat]`) : [];
  return [...rows].map((row) => ({ row, at: [Number(row.dataset.lat), Number(row.dataset.lon)] }));
}

function emergency({ row, at }) {
  const shape = document.createElement('span');
  shape.className = 'sym';
  shape.dataset.priority = row.dataset.level;
  shape.dataset.state = row.dataset.stage;
  return mark(shape, 24, at).setZIndexOffset(1000 - 100 * Number(row.dataset.level));
}

bind('area-map', (element) => {
  const area = JSON.parse(element.dataset.area);
  const shape = outline(area);
  const look = (map) => map.fitBounds(shape.getBounds(), { padding: [24, 24], maxZoom: 10, animate: false });
  const map = smallMap(element, look);
  shape.addTo(map);
  const marks = L.layerGroup().addTo(map);
  const glyph = element.parentElement.querySelector('template').content.firstElementChild;
  const draw = () => {
    if (!element.isConnected) return;
    marks.clearLayers();
    for (const { at } of placed(element.dataset.missions)) marks.addLayer(mark(glyph.cloneNode(true), 20, at));
    for (const found of placed(element.dataset.marks)) marks.addLayer(emergency(found));
  };
  draw();
  document.body.addEventListener('htmx:afterSettle', draw);
});
