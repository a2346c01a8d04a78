/**
 * A canvas over the map that Leaflet moves and scales like its own renderers; `paint(pen)` draws it anew.
 *
 * The pen knows the page's colours and places: at() gives the pixel of a coordinate in every copy of the world that
 * can be seen, world() lends the canvas in the flat square's units.
 */
import { WORLD, flat } from './paths.js';

const NAMES = [
  'critical', 'critical-ink', 'high', 'high-ink', 'medium', 'medium-ink', 'info', 'info-ink', 'unknown', 'land', 'sea',
  'line', 'rule', 'text', 'muted', 'bg', 'surface',
];

export function colours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

class Pen {
  constructor(map, context, bounds, ratio) {
    this.map = map;
    this.context = context;
    this.zoom = map.getZoom();
    this.scale = 2 ** this.zoom;
    this.bounds = bounds;
    this.ratio = ratio;
    const origin = map.getPixelOrigin();
    this.shift = [origin.x + bounds.min.x, origin.y + bounds.min.y];
    this.size = bounds.getSize();
    const width = WORLD * this.scale;
    this.copies = [];
    for (let k = Math.floor(this.shift[0] / width); k * width < this.shift[0] + this.size.x; k += 1) this.copies.push(k);
    this.colours = colours();
  }

  /** The pixels of a coordinate: one for each visible copy of the world. */
  at(lon, lat) {
    const [x, y] = flat(lon, lat);
    return this.copies.map((k) => [(x + k * WORLD) * this.scale - this.shift[0], y * this.scale - this.shift[1]]);
  }

  sees(x, y, margin = 60) {
    return x > -margin && y > -margin && x < this.size.x + margin && y < this.size.y + margin;
  }

  /** Draws in the square's units, once for each copy in which the box can be seen; a width is divided by the scale. */
  world(box, draw) {
    const { context, ratio, scale } = this;
    for (const k of this.copies) {
      const left = k * WORLD * scale - this.shift[0];
      const top = -this.shift[1];
      const seen = box[2] * scale + left > 0 && box[0] * scale + left < this.size.x
        && box[3] * scale + top > 0 && box[1] * scale + top < this.size.y;
      if (!seen) continue;
      context.save();
      context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
      draw(context, 1 / scale);
      context.restore();
    }
  }
}

export const Sheet = L.Renderer.extend({
  options: { padding: 0.2 },

  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._paint = paint;
  },

  _initContainer() {
    this._container = document.createElement('canvas');
    this._container.setAttribute('aria-hidden', 'true');
    // Two fingers scale it about the corner that Leaflet reckons from.
    this._container.style.transformOrigin = '0 0';
    this._context = this._container.getContext('2d');
  },

  _destroyContainer() {
    cancelAnimationFrame(this._asked);
    this._container.remove();
    delete this._container;
  },

  _update() {
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = size.x * ratio;
    this._container.height = size.y * ratio;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._ratio = ratio;
    this._now();
  },

  _now() {
    const context = this._context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this._container.width, this._container.height);
    context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    this._paint(new Pen(this._map, context, this._bounds, this._ratio));
  },

  /** Draws again in the next frame; many calls make one drawing. */
  redraw() {
    if (this._asked || !this._map) return this;
    this._asked = requestAnimationFrame(() => {
      this._asked = 0;
      if (this._map) this._now();
    });
    return this;
  },

  /** From a pixel of the map's container to one of this canvas. */
  toSheet(point) {
    const layer = this._map.containerPointToLayerPoint(point);
    return layer.subtract(this._bounds.min);
  },
});
