/** Groups points that would overlap. Cells belong to the world, not to the window, so groups stay while panning. */

const CELL = 64;
const NEAR = 58;

function join(into, other) {
  const n = into.n + other.n;
  into.x = (into.x * into.n + other.x * other.n) / n;
  into.y = (into.y * into.n + other.y * other.n) / n;
  into.n = n;
  for (const member of other.members) into.members.push(member);
}

function grid(points) {
  const cells = new Map();
  for (const point of points) {
    const key = `${Math.floor(point.x / CELL)}:${Math.floor(point.y / CELL)}`;
    const group = { x: point.x, y: point.y, n: point.n, members: [point] };
    const known = cells.get(key);
    if (known) join(known, group);
    else cells.set(key, group);
  }
  return cells;
}

/** points: [{x, y, n, ...}] in pixels of the whole world at this zoom, each for n; answers [{x, y, n, members}]. */
export function clustered(points) {
  const cells = grid(points);
  for (const [key, group] of cells) {
    const [column, row] = key.split(':').map(Number);
    for (const [dx, dy] of [[1, 0], [0, 1], [1, 1], [-1, 1]]) {
      const other = `${column + dx}:${row + dy}`;
      const beside = cells.get(other);
      if (!beside || beside === group || Math.hypot(beside.x - group.x, beside.y - group.y) > NEAR) continue;
      join(group, beside);
      cells.delete(other);
    }
  }
  return [...cells.values()];
}
