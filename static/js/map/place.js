/** Where one citizen is: the newest position with its circle of accuracy, and the way it came (the list beside is its text). */
import { bind } from '../ui/bind.js';
import { smallMap, unrolled } from './small.js';

const NEAR = 15;

bind('place-map', (element) => {
  const { number } = element.dataset;
  let { level, stage } = element.dataset;
  let way = JSON.parse(element.dataset.way);
  let accuracy = Number(element.dataset.accuracy);
  const layer = L.layerGroup();

  const here = () => unrolled(way).at(-1);
  /** The whole circle; of an exact position no closer than its streets. */
  const bounds = () => L.latLng(here()).toBounds(Math.max(accuracy, 50) * 2);
  const look = (map) => { if (way.length) map.fitBounds(bounds(), { padding: [24, 24], maxZoom: NEAR, animate: false }); };
  const map = smallMap(element, look);

  function mark() {
    const shape = document.createElement('span');
    shape.className = 'sym';
    shape.dataset.priority = level;
    shape.dataset.state = stage;
    const icon = L.divIcon({ html: shape, className: '', iconSize: [24, 24] });
    return L.marker(here(), { icon, interactive: false, keyboard: false });
  }

  function draw() {
    layer.clearLayers();
    if (!way.length) return;
    if (accuracy) layer.addLayer(L.circle(here(), { radius: accuracy, className: 'place-circle', interactive: false }));
    if (way.length > 1) layer.addLayer(L.polyline(unrolled(way), { className: 'place-way', interactive: false }));
    layer.addLayer(mark());
  }

  document.body.addEventListener(`live:object:${number}`, ({ detail: { card } }) => {
    if (!card || card.lat === null || card.lon === null) return;
    const [lat, lon] = way.at(-1) ?? [];
    ({ priority: level, state: stage } = card);
    accuracy = card.accuracy ?? 0;
    const moved = lat !== card.lat || lon !== card.lon;
    if (moved) way = [...way, [card.lat, card.lon]];
    element.parentElement.hidden = false;
    draw();
    if (!moved) return;
    // Whoever looks elsewhere on the map is not pulled away, unless the mark would leave it.
    if (!map.getBounds().contains(here())) look(map);
  });
  draw();
  layer.addTo(map);
});
