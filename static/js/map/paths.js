/** GeoJSON onto the flat square of Web Mercator (256 px wide, the world at zoom 0), as paths the canvas keeps. */

const WORLD = 256;
const EDGE = 85.0511;

export function flat(lon, lat) {
  const bounded = Math.max(-EDGE, Math.min(EDGE, lat)) * (Math.PI / 180);
  const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + bounded / 2)) / (2 * Math.PI);
  return [(lon / 360 + 0.5) * WORLD, y * WORLD];
}

function trace(path, ring, box, close) {
  ring.forEach(([lon, lat], i) => {
    const [x, y] = flat(lon, lat);
    if (i) path.lineTo(x, y);
    else path.moveTo(x, y);
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  });
  if (close) path.closePath();
}

function lines(geometry) {
  switch (geometry?.type) {
    case 'Polygon': case 'MultiLineString': return geometry.coordinates;
    case 'MultiPolygon': return geometry.coordinates.flat();
    case 'LineString': return [geometry.coordinates];
    default: return [];
  }
}

/** {path, box}: the geometry's outline and its bounds [west, north, east, south] on the square. */
export function pathOf(geometry) {
  const path = new Path2D();
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const close = !geometry.type.endsWith('LineString');
  lines(geometry).forEach((ring) => trace(path, ring, box, close));
  return { path, box };
}

export { WORLD };
