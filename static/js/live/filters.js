/** The filter bar sends itself when a choice changes; on a phone it folds away until somebody asks for it. */
import { bind } from '../ui/bind.js';

const phone = matchMedia('(width < 900px)');

bind('filters', (form) => {
  form.addEventListener('change', (event) => {
    if (event.target.matches('select')) form.requestSubmit();
  });
  // An empty field is no filter: it stays out of the address.
  form.addEventListener('formdata', ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value || (name === 'state' && value === 'open')) formData.delete(name);
  });

  const button = form.querySelector('[data-part="fold"]');
  function fold(folded) {
    form.classList.toggle('is-folded', folded);
    button.setAttribute('aria-expanded', String(!folded));
  }
  button.hidden = false;
  button.addEventListener('click', () => fold(!form.classList.contains('is-folded')));
  fold(phone.matches && !form.dataset.narrowed);
  phone.addEventListener('change', () => fold(phone.matches && !form.dataset.narrowed));
});
