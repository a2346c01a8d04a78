/** Speaks to screen readers: politely at most once in five seconds (the newest words win), at once for a P1. */

const QUIET = 5000;
let last = 0;
let waiting = null;
let timer = 0;

function put(id, text) {
  const region = document.getElementById(id);
  if (!region) return;
  region.textContent = '';
  requestAnimationFrame(() => { region.textContent = text; });
}

function flush() {
  timer = 0;
  last = Date.now();
  put('live-polite', waiting);
  waiting = null;
}

export function say(text, assertive = false) {
  if (assertive) return put('live-assertive', text);
  waiting = text;
  if (!timer) timer = setTimeout(flush, Math.max(0, last + QUIET - Date.now()));
}
