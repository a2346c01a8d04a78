/** Tells that something changed since the page was opened, where drawing it anew would take words from under a hand. */
import { bind } from './bind.js';

bind('changed', (note) => {
  document.body.addEventListener(`live:topic:${note.dataset.topic}`, () => { note.hidden = false; });
});
