/**
 * The situation report: says that it is open, shows in one sentence what will be sent, asks about figures that look
 * wrong (and never blocks), and sends once. Everything also works as a plain POST without this module.
 */
import { bind, fill } from './bind.js';

const DEAD = /\.dead$/;
const number = (text) => (/^\d+$/.test(text) ? Number(text) : null);
const digits = (n) => n.toLocaleString(document.documentElement.lang);

function figuresOf(form) {
  return [...form.querySelectorAll('.report-figure')].map((element) => ({
    element,
    input: element.querySelector('input'),
    key: element.dataset.key,
    group: element.dataset.group,
    name: element.dataset.name,
    label: element.dataset.label,
    old: number(element.dataset.old ?? ''),
  }));
}

const valueOf = (figure) => number(figure.input.value);

function chosen(form, name) {
  const input = form.querySelector(`[name="${name}"]:checked`);
  return { value: input?.value ?? '', text: input?.closest('label')?.textContent.trim() ?? '' };
}

/** "Label: choice" for a question that was answered. */
function answered(form, name) {
  const { value, text } = chosen(form, name);
  if (!value) return [];
  const legend = form.querySelector(`#id_${name} legend`)?.textContent.replace(/^[\d ·]+/, '').trim() ?? '';
  return [`${legend}: ${text}`];
}

function groups(form, figures) {
  const parts = [];
  for (const [group, words] of [['wni', form.dataset.wni], ['all', form.dataset.all]]) {
    const told = figures.filter((figure) => figure.group === group && valueOf(figure) !== null);
    if (told.length) parts.push(`${words}: ${told.map((figure) => `${digits(valueOf(figure))} ${figure.name}`).join(', ')}`);
  }
  return parts;
}

function sentence(form, figures) {
  const door = chosen(form, 'answer').value;
  if (!door) return '';
  const parts = door === 'figures' ? groups(form, figures) : [form.dataset[door === 'checking' ? 'checking' : 'none']];
  parts.push(...answered(form, 'authorities'), ...answered(form, 'hospitals'));
  if (!parts.length) return form.dataset.nothing;
  parts.push(`${form.dataset.asOf} ${chosen(form, 'ago').text.toLowerCase()}`);
  const left = figures.filter((figure) => figure.old !== null && valueOf(figure) === null).length;
  if (door === 'figures' && left) parts.push(fill(form.dataset.left, { n: left }));
  return parts.join(' · ');
}

/** What looks wrong, as sentences: the dead became fewer, a digit too many, more people than there are. */
function doubts(form, figures) {
  if (chosen(form, 'answer').value !== 'figures') return [];
  const found = [];
  for (const figure of figures) {
    const value = valueOf(figure);
    if (value === null || figure.old === null) continue;
    const words = { name: figure.label, old: digits(figure.old), new: digits(value) };
    if (DEAD.test(figure.key) && value < figure.old) found.push(fill(form.dataset.fell, words));
    if (figure.old > 0 && value >= 10 * figure.old) found.push(fill(form.dataset.jump, words));
  }
  const present = figures.find((figure) => figure.key === 'wni.present');
  const limit = present ? valueOf(present) ?? present.old : null;
  const states = figures.filter((figure) => figure.group === 'wni' && figure !== present);
  const sum = states.reduce((total, figure) => total + (valueOf(figure) ?? 0), 0);
  if (limit !== null && sum > limit) found.push(fill(form.dataset.exceed, { sum: digits(sum), present: digits(limit) }));
  return found;
}

function draw(form, figures) {
  const preview = form.querySelector('.report-preview');
  const text = sentence(form, figures);
  if (preview.textContent !== text) preview.textContent = text;
  const checks = form.querySelector('.report-checks');
  const template = document.getElementById('report-check');
  checks.replaceChildren(...doubts(form, figures).map((words) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.textContent = words;
    return item;
  }));
}

/** Buttons that confirm an old value as the present one; an old value that nobody confirms is not sent. */
function offerSame(form, figures) {
  const confirm = (figure) => {
    figure.input.value = String(figure.old);
    figure.input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const known = figures.filter((figure) => figure.old !== null);
  for (const figure of known) {
    const button = figure.element.querySelector('.report-same');
    if (!button) continue;
    button.hidden = false;
    button.addEventListener('click', () => confirm(figure));
    figure.input.addEventListener('input', () => { button.hidden = figure.input.value !== ''; });
  }
  const all = form.querySelector('.report-all-same');
  if (!all) return;
  all.hidden = false;
  all.addEventListener('click', () => known.filter((figure) => valueOf(figure) === null).forEach(confirm));
}

/** The questions come into view when their door opens. */
function openDoor(form) {
  form.querySelector('#id_answer').addEventListener('change', (event) => {
    if (event.target.value === 'figures') document.getElementById('figures').scrollIntoView({ block: 'start' });
  });
}

/** One submit per page; the server would take a second one for the same report anyway. */
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
  sendOnce(form);
  openDoor(form);
  form.addEventListener('input', () => draw(form, figures));
  form.addEventListener('change', () => draw(form, figures));
  draw(form, figures);
  if (form.dataset.opened) fetch(form.dataset.opened, { method: 'POST', keepalive: true }).catch(() => undefined);
});
