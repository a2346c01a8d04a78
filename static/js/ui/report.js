/**
 * The situation report: says that it is open and when it is first touched, shows in one sentence what will be sent,
 * asks about figures that look wrong. Without this module everything works as a plain POST.
 */
import { bind } from './bind.js';
import { able } from './outbox.js';
import { doubts, figuresOf, sentence, valueOf } from './report-checks.js';
import { sendLater } from './report-send.js';

function draw(form, figures) {
  const preview = form.querySelector('.report-preview');
  const text = sentence(form, figures);
  if (preview.textContent !== text) preview.textContent = text;
  const template = document.getElementById('report-check');
  form.querySelector('.report-checks').replaceChildren(...doubts(form, figures).map((words) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.textContent = words;
    return item;
  }));
}

/** Buttons that confirm an old value as the present one; an old value that nobody confirms is not sent. */
function offerSame(form, figures) {
  const confirm = (figure) => {
    figure.input.value = figure.oldText;
    figure.input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const known = figures.filter((figure) => figure.old);
  for (const figure of known) {
    const button = figure.element.querySelector('.report-same');
    button.hidden = figure.input.value !== '';
    button.addEventListener('click', () => confirm(figure));
    figure.input.addEventListener('input', () => { button.hidden = figure.input.value !== ''; });
  }
  const all = form.querySelector('.report-all-same');
  if (!all) return;
  all.hidden = false;
  all.addEventListener('click', () => known.filter((figure) => !valueOf(figure)).forEach(confirm));
}

/** The questions come into view when their door opens. */
function openDoor(form) {
  form.querySelector('#id_answer').addEventListener('change', (event) => {
    if (event.target.value === 'figures') document.getElementById('figures').scrollIntoView({ block: 'start' });
  });
}

/** A mark on the request, as often as it takes: somebody waits to know that this telephone is awake. */
function mark(url, tries = 5) {
  if (!url || !tries) return;
  fetch(url, { method: 'POST', keepalive: true }).catch(() => setTimeout(() => mark(url, tries - 1), 5000));
}

/** Without a safe place to keep a report it is sent once, as any form is. */
function sendOnce(form) {
  const button = form.querySelector('.report-send button');
  const words = button.textContent;
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    button.textContent = form.dataset.sending;
    button.setAttribute('aria-disabled', 'true');
    return undefined;
  });
  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener('pageshow', () => {
    delete form.dataset.sent;
    button.textContent = words;
    button.removeAttribute('aria-disabled');
  });
}

bind('report', (form) => {
  const figures = figuresOf(form);
  offerSame(form, figures);
  openDoor(form);
  form.addEventListener('input', () => draw(form, figures));
  form.addEventListener('change', () => draw(form, figures));
  form.addEventListener('input', () => mark(form.dataset.filling), { once: true });
  draw(form, figures);
  mark(form.dataset.opened);
  if (able()) sendLater(form, figures);
  else sendOnce(form);
});
