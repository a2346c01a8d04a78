/** Is a point inside a GeoJSON Polygon or MultiPolygon? By even and odd crossings, so holes count as outside. */

function crosses([x1, y1], [x2, y2], lon, lat) {
  return y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1;
}

function inPolygon(rings, lon, lat) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      if (crosses(ring[i], ring[j], lon, lat)) odd = !odd;
    }
  }
  return odd;
}

export function polygonsOf(area) {
  return area.type === 'MultiPolygon' ? area.coordinates : [area.coordinates];
}

export function inside(area, lon, lat) {
  return polygonsOf(area).some((rings) => inPolygon(rings, lon, lat));
}
