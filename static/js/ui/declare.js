/** The declaration: only the chosen way to give an area is shown, countries are searched, the preview follows. */
import { bind } from './bind.js';

const PAUSE = 500;

const plain = (text) => text.normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

function search(form) {
  const box = form.querySelector('[data-search]');
  const input = box.querySelector('input');
  const found = box.querySelector('[data-found]');
  const rows = [...form.querySelectorAll('input[name="countries"]')].map((tick) => {
    const label = tick.closest('label');
    return { tick, label, text: plain(label.textContent) };
  });
  const list = rows[0]?.label.parentElement;
  box.hidden = false;
  // Chosen countries come first, so that a search never hides what will be declared.
  const sort = () => {
    const wanted = plain(input.value.trim());
    const chosen = rows.filter(({ tick }) => tick.checked);
    const others = rows.filter(({ tick }) => !tick.checked);
    let hits = 0;
    for (const row of others) {
      row.label.hidden = wanted !== '' && !row.text.includes(wanted);
      hits += row.label.hidden ? 0 : 1;
    }
    for (const row of chosen) row.label.hidden = false;
    found.textContent = wanted && !hits ? input.dataset.none : chosen.map(({ label }) => label.textContent.trim()).join(', ');
    return chosen;
  };
  input.addEventListener('input', sort);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // Enter ticks the first hit instead of sending the form
    const first = rows.find(({ tick, label }) => !tick.checked && !label.hidden);
    if (first && input.value.trim()) {
      first.tick.click();
      input.select();
    }
  });
  form.addEventListener('change', (event) => {
    if (event.target.name === 'countries') sort();
  });
  list?.prepend(...sort().map(({ label }) => label));
}

bind('declare', (form) => {
  let timer = 0;
  const ways = [...form.querySelectorAll('[data-way]')];
  const show = () => {
    const chosen = new FormData(form).get('area_source');
    for (const way of ways) way.hidden = chosen !== way.dataset.way;
  };
  const changed = (event) => {
    const { name } = event.target;
    if (name === 'area_source') show();
    if (name !== 'area_source' && !event.target.closest('[data-way]')) return;
    if (!name) return;
    clearTimeout(timer);
    timer = setTimeout(() => document.body.dispatchEvent(new CustomEvent('declare:changed')), PAUSE);
  };
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  show();
  search(form);
});
