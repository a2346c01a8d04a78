/** The pieces of the citizen's page that its modules share. Words come from the page. */

export const root = document.querySelector('[data-module="sos"]');
export const words = root.dataset;
export const part = (name) => root.querySelector(`[data-part="${name}"]`);

export function show(name, visible) {
  part(name).hidden = !visible;
}

export function put(name, text) {
  const element = part(name);
  if (element.textContent !== text) element.textContent = text;
}

/** The sentence with its {places} filled. */
export const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** A copy of what a <template> holds. */
export const copy = (name) => part(`${name}-template`).content.firstElementChild.cloneNode(true);

/** The telephone's own time of day, and the page says that it is. */
export function time(moment) {
  const date = new Date(moment);
  return [date.getHours(), date.getMinutes()].map((n) => String(n).padStart(2, '0')).join(document.documentElement.dataset.timeSeparator);
}
