/** A part drawn anew on a frame keeps what its reader opened and what they have written. */

/** Which attributes of an element are the reader's, not the server's. */
const MINE = {
  open: () => true,
  // A button, an option or a bar has a value, but nobody writes in it.
  value: (field) => 'defaultValue' in field && field.value !== field.defaultValue,
  checked: (field) => field.checked !== field.defaultChecked,
};

// Pages that can't afford htmx have no Idiomorph either.
if (window.Idiomorph) {
  window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => !MINE[name]?.(element);
}
