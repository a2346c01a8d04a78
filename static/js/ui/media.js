/** Photographs and films on an officer's page: V opens the card that has focus, else the first; closing stops a film. */
import { bind } from './bind.js';

const TYPING = 'input, textarea, select, [contenteditable]';

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'v' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING) || document.querySelector('dialog[open]')) return;
  const panel = document.querySelector('[data-module~="media"]');
  const card = event.target.closest?.('[data-part="card"]');
  const open = (card ?? panel)?.querySelector('.media-open');
  if (!open) return;
  event.preventDefault();
  open.focus();
  open.click();
});

bind('media-viewer', (viewer) => {
  viewer.addEventListener('close', () => document.getElementById('media-viewed')?.replaceChildren());
});
