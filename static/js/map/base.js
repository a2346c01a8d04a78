/** The base map: land and borders from our own file, drawn in the colours of the theme. No tiles, no other server. */
import { WORLD, flat, pathOf } from './paths.js';

/** One path per feature with its bounds; land that somebody disputes gets a dashed outline. */
function prepared(collection) {
  return collection.features.filter(({ geometry }) => geometry)
    .map(({ geometry, properties }) => ({ ...pathOf(geometry), disputed: Boolean(properties?.disputed) }));
}

/** Countries [id, en, lat, lon, rank, iso] and cities [name, lat, lon, rank] as labels with the zoom they appear at. */
function labels({ countries, cities }) {
  const name = document.documentElement.lang === 'en' ? 1 : 0;
  return [
    ...countries.map((row) => ({ text: row[name], lat: row[2], lon: row[3], from: row[4] + 2, land: true })),
    ...cities.map((row) => ({ text: row[0], lat: row[1], lon: row[2], from: row[3] + 3, land: false })),
  ].sort((a, b) => a.from - b.from);
}

async function read(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

export class Base {
  constructor() {
    this.lands = [];
    this.labels = [];
    this.face = getComputedStyle(document.body).fontFamily;
  }

  async load(worldUrl, placesUrl) {
    const places = placesUrl ? read(placesUrl).then(labels).catch(() => []) : [];
    this.lands = prepared(await read(worldUrl));
    this.labels = await places;
  }

  /** The name of the nearest label within about 500 km; "" where there is none. */
  near({ lat, lon }) {
    let [name, least] = ['', 5];
    for (const label of this.labels) {
      const across = Math.abs(label.lon - lon);
      const away = Math.hypot(label.lat - lat, Math.min(across, 360 - across) * Math.cos((lat * Math.PI) / 180));
      if (away < least) [name, least] = [label.text, away];
    }
    return name;
  }

  paint(pen) {
    const { context, colours } = pen;
    context.fillStyle = colours.sea;
    context.fillRect(0, 0, pen.size.x, pen.size.y);
    this.paintGraticule(pen);
    for (const land of this.lands) pen.world(land.box, (on, px) => this.paintLand(on, px, pen, land));
    this.paintLabels(pen);
  }

  paintLand(on, px, pen, { path, disputed }) {
    on.fillStyle = pen.colours.land;
    on.fill(path, 'evenodd');
    on.lineJoin = 'round';
    on.strokeStyle = pen.colours.line;
    on.globalAlpha = disputed ? 0.9 : 0.5;
    on.setLineDash(disputed ? [3 * px, 3 * px] : []);
    on.lineWidth = (pen.zoom < 5 ? 0.6 : 0.9) * px;
    on.stroke(path);
  }

  /** Equator and tropics to the eye, so that empty sea still says where it is. */
  paintGraticule(pen) {
    const { context, colours } = pen;
    const step = pen.zoom < 4 ? 30 : pen.zoom < 6 ? 10 : pen.zoom < 8 ? 5 : 1;
    context.strokeStyle = colours.rule;
    context.globalAlpha = 0.45;
    context.lineWidth = 1;
    context.beginPath();
    for (let lat = -90 + step; lat < 90; lat += step) {
      const y = flat(0, lat)[1] * pen.scale - pen.shift[1];
      if (y < 0 || y > pen.size.y) continue;
      context.moveTo(0, y);
      context.lineTo(pen.size.x, y);
    }
    const width = (WORLD * pen.scale * step) / 360;
    for (let x = -(pen.shift[0] % width); x < pen.size.x; x += width) {
      context.moveTo(x, 0);
      context.lineTo(x, pen.size.y);
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** Names while there is room for them: the important ones first, none over another. */
  paintLabels(pen) {
    const { context } = pen;
    const taken = [];
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const label of this.labels) {
      if (label.from > pen.zoom) break;
      for (const [x, y] of pen.at(label.lon, label.lat)) {
        if (pen.sees(x, y)) this.paintLabel(pen, label, x, y, taken);
      }
    }
  }

  paintLabel(pen, { text, land }, x, y, taken) {
    const { context, colours } = pen;
    context.font = `${land ? 600 : 450} ${land ? 12 : 11}px ${this.face}`;
    context.textAlign = land ? 'center' : 'left';
    const width = context.measureText(text).width;
    const left = land ? x - width / 2 : x - 4;
    const box = [left - 6, y - 11, left + width + 12, y + 11];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
    taken.push(box);
    context.fillStyle = colours.muted;
    context.strokeStyle = colours.land;
    context.lineWidth = 3;
    context.globalAlpha = land ? 0.75 : 0.9;
    if (!land) context.fillRect(x - 1.5, y - 1.5, 3, 3);
    context.strokeText(text, land ? x : x + 6, y);
    context.fillText(text, land ? x : x + 6, y);
    context.globalAlpha = 1;
  }
}
