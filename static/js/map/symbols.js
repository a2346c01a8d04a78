/** The map's symbols (ux.md section 7): shape and fill say the priority, the outline says how sure the place is. */

const TURN = Math.PI * 2;
const TONES = { 1: 'critical', 2: 'high', 3: 'medium', 4: 'info' };
const BLACK = '#000';
const WHITE = '#fff';

export const toneOf = (priority) => TONES[priority] ?? 'unknown';

function polygon(context, points) {
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

/** Traces ◆ ▲ ■ ● of about the same weight to the eye. */
export function trace(context, priority, x, y, r) {
  context.beginPath();
  if (priority === 1) polygon(context, [[x, y - r * 1.2], [x + r * 1.2, y], [x, y + r * 1.2], [x - r * 1.2, y]]);
  else if (priority === 2) polygon(context, [[x, y - r * 1.1], [x + r * 1.15, y + r * 0.85], [x - r * 1.15, y + r * 0.85]]);
  else if (priority === 3) context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else context.arc(x, y, r, 0, TURN);
}

function circle(context, x, y, r, style, width, dashes = []) {
  context.beginPath();
  context.arc(x, y, r, 0, TURN);
  context.setLineDash(dashes);
  context.strokeStyle = style;
  context.lineWidth = width;
  context.stroke();
  context.setLineDash([]);
}

function disc(context, x, y, r, style) {
  context.beginPath();
  context.arc(x, y, r, 0, TURN);
  context.fillStyle = style;
  context.fill();
}

/** Not taken: a static double ring in the tone, on a ground that keeps it apart from the land. */
function doubleRing(context, colours, tone, x, y, r) {
  context.globalAlpha = 0.8;
  disc(context, x, y, r + 9, colours.bg);
  context.globalAlpha = 1;
  circle(context, x, y, r + 4.5, colours.text, 1.5);
  circle(context, x, y, r + 8, tone, 2);
}

export function selectedRing(context, colours, x, y, r) {
  circle(context, x, y, r, colours.bg, 6);
  circle(context, x, y, r, colours.info, 3);
}

/** One emergency; `coarse` dashes the outline: the place is not a satellite fix, or not a good one. */
export function emergency(context, colours, { priority, untaken, coarse, closed }, x, y) {
  const r = priority === 1 ? 9 : 8;
  const tone = colours[toneOf(priority)];
  if (untaken) doubleRing(context, colours, tone, x, y, r);
  trace(context, priority, x, y, r);
  context.lineJoin = 'round';
  context.strokeStyle = WHITE;
  context.lineWidth = 4;
  context.stroke();
  context.fillStyle = tone;
  context.fill();
  context.setLineDash(coarse ? [3, 2.5] : []);
  context.strokeStyle = BLACK;
  context.lineWidth = 1.6;
  context.stroke();
  context.setLineDash([]);
  if (!closed) return;
  context.beginPath();
  context.moveTo(x - r, y + r);
  context.lineTo(x + r, y - r);
  context.strokeStyle = colours.text;
  context.lineWidth = 2.5;
  context.stroke();
}

/** A cluster: its worst shape, the number of its members, a ring when one of them is not taken. */
export function cluster(context, colours, { priority, untaken }, x, y, face, text) {
  const tone = colours[toneOf(priority)];
  context.font = `700 12px ${face}`;
  const r = Math.max(18, context.measureText(text).width / 2 + 7);
  if (untaken) {
    context.globalAlpha = 0.8;
    disc(context, x, y, r + 8, colours.bg);
    context.globalAlpha = 1;
    circle(context, x, y, r + 3.5, colours.text, 1.5);
    circle(context, x, y, r + 7, tone, 2);
  }
  disc(context, x, y, r, colours.surface);
  circle(context, x, y, r, tone, 2.5);
  trace(context, priority, x, y - 7.5, 5);
  context.fillStyle = tone;
  context.fill();
  context.strokeStyle = BLACK;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = colours.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, x, y + 7);
  return r;
}

const MARK_TONES = { silent: 'critical', overdue: 'high' };

/** A mission's square, dashed when only the city is known; in an open crisis its mark: !! waiting or a tick. */
export function mission(context, colours, { precision, mark }, x, y, { big, glyph }) {
  const half = mark || big ? 9 : 4;
  const tone = MARK_TONES[mark];
  context.fillStyle = tone ? colours[tone] : colours.surface;
  context.fillRect(x - half, y - half, half * 2, half * 2);
  context.setLineDash(precision === 'building' ? [] : [3, 2]);
  context.strokeStyle = tone ? BLACK : colours.muted;
  context.lineWidth = 1.4;
  context.strokeRect(x - half, y - half, half * 2, half * 2);
  context.setLineDash([]);
  const ink = tone ? colours[`${tone}-ink`] : colours.text;
  if (mark) return missionMark(context, mark, ink, x, y);
  if (big && glyph) drawGlyph(context, glyph, ink, x, y);
  return undefined;
}

function missionMark(context, mark, ink, x, y) {
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 2.2;
  context.beginPath();
  if (mark === 'reported') {
    polyline(context, [[x - 4, y], [x - 1, y + 3.5], [x + 4.5, y - 4]]);
  } else if (mark === 'waiting' || mark === 'checking') {
    context.arc(x, y, 5, 0, TURN);
    context.moveTo(x, y - 3);
    polyline(context, [[x, y - 3], [x, y], [x + 2.5, y + 1.5]]);
  } else {
    polyline(context, [[x - 2.5, y - 5], [x - 2.5, y + 1.5]]);
    polyline(context, [[x + 2.5, y - 5], [x + 2.5, y + 1.5]]);
    context.rect(x - 3.3, y + 3.6, 1.6, 1.6);
    context.rect(x + 1.7, y + 3.6, 1.6, 1.6);
  }
  context.stroke();
}

function polyline(context, points) {
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
}

function drawGlyph(context, { path, size }, ink, x, y) {
  const scale = 13 / size;
  context.save();
  context.translate(x - 6.5, y - 6.5);
  context.scale(scale, scale);
  context.fillStyle = ink;
  context.fill(path);
  context.restore();
}

/** A headcount: an area in proportion to the number; a range is a solid low and a dashed high circle. */
export function headcount(context, colours, { low, high }, x, y) {
  context.globalAlpha = 0.13;
  disc(context, x, y, low, colours.text);
  context.globalAlpha = 1;
  circle(context, x, y, low, colours.muted, 1);
  if (high > low + 1) circle(context, x, y, high, colours.muted, 1, [4, 3]);
}
