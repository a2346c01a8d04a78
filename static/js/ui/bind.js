/** Binds code to [data-module~="name"], once per element, now and after every htmx swap. */

const bound = new WeakMap();

function once(name, element, start) {
  const names = bound.get(element) ?? new Set();
  if (names.has(name)) return;
  names.add(name);
  bound.set(element, names);
  start(element);
}

export function bind(name, start) {
  const selector = `[data-module~="${name}"]`;
  const scan = (root) => {
    if (root.matches?.(selector)) once(name, root, start);
    root.querySelectorAll(selector).forEach((element) => once(name, element, start));
  };
  scan(document.documentElement);
  document.addEventListener('htmx:load', (event) => scan(event.target));
}

/** Fills {name} places of a sentence that the page carries in a data attribute. */
export function fill(pattern, values) {
  return (pattern ?? '').replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
