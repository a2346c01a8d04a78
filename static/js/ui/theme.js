/** Day and night without a reload: the form still works as a plain POST when this module is not there. */
import { bind } from './bind.js';

bind('theme', (form) => {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const field = form.elements.theme;
    const chosen = field.value;
    document.documentElement.dataset.theme = chosen;
    const body = new FormData(form);
    field.value = chosen === 'dark' ? 'light' : 'dark';
    form.querySelectorAll('[data-theme-word]').forEach((word) => { word.hidden = word.dataset.themeWord !== field.value; });
    document.body.dispatchEvent(new CustomEvent('theme:changed', { detail: chosen }));
    try {
      await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
    } catch {
      /* Offline: the choice holds until the next page. */
    }
  });
});
