/** What the report will say, in one sentence, and what looks wrong in it: asked in words, and never in the way. */
import { fill } from './bind.js';

const DEAD = /\.dead$/;
const NUMBER = /^(\d+)(?:-(\d+))?$/;

/** "2" → [2, null], "2-3" → [2, 3]; null for what is neither. */
export function endsOf(text) {
  const found = NUMBER.exec(text ?? '');
  return found ? [Number(found[1]), found[2] === undefined ? null : Number(found[2])] : null;
}

const digits = (n) => n.toLocaleString(document.documentElement.lang);
const printed = ([low, high]) => (high === null ? digits(low) : `${digits(low)}–${digits(high)}`);
const top = ([low, high]) => high ?? low;

export function figuresOf(form) {
  return [...form.querySelectorAll('.report-figure')].map((element) => ({
    element,
    input: element.querySelector('input'),
    key: element.dataset.key,
    letter: element.dataset.letter,
    group: element.dataset.group,
    name: element.dataset.name,
    label: element.dataset.label,
    old: endsOf(element.dataset.old),
    oldText: element.dataset.old ?? '',
  }));
}

export const valueOf = (figure) => endsOf(figure.input.value);

export function chosen(form, name) {
  const input = form.querySelector(`[name="${name}"]:checked`);
  return { value: input?.value ?? '', text: input?.closest('label')?.textContent.trim() ?? '' };
}

/** What an answer to question 4 or 5 means, in the middle of a sentence. */
function answered(form, name) {
  const { value } = chosen(form, name);
  const words = value && form.getAttribute(`data-said-${name}-${value}`);
  return words ? [words] : [];
}

function groups(form, figures) {
  const parts = [];
  for (const [group, words] of [['wni', form.dataset.wni], ['all', form.dataset.all]]) {
    const told = figures.filter((figure) => figure.group === group && valueOf(figure));
    if (told.length) parts.push(`${words}: ${told.map((figure) => `${printed(valueOf(figure))} ${figure.name}`).join(', ')}`);
  }
  return parts;
}

export function sentence(form, figures) {
  const door = chosen(form, 'answer').value;
  if (!door) return '';
  const parts = door === 'figures' ? groups(form, figures) : [form.dataset[door === 'checking' ? 'checking' : 'none']];
  parts.push(...answered(form, 'authorities'), ...answered(form, 'hospitals'));
  if (!parts.length) return form.dataset.nothing;
  parts.push(`${form.dataset.asOf} ${chosen(form, 'ago').text.toLowerCase()}`);
  const left = figures.filter((figure) => figure.old && !valueOf(figure)).length;
  if (door === 'figures' && left) parts.push(fill(form.dataset.left, { n: left }));
  return parts.join('; ');
}

/** Two neighbouring digits changed places; below three digits 12 may well become 21. */
function swapped(one, other) {
  const [a, b] = [String(one), String(other)];
  if (a.length !== b.length || a.length < 3) return false;
  const at = [...a].flatMap((digit, place) => (digit === b[place] ? [] : [place]));
  return at.length === 2 && at[1] === at[0] + 1 && a[at[0]] === b[at[1]] && a[at[1]] === b[at[0]];
}

function doubtsOf(form, figure) {
  const value = valueOf(figure);
  if (!value || !figure.old) return [];
  const words = { name: figure.label, old: printed(figure.old), new: printed(value) };
  const found = [];
  if (DEAD.test(figure.key) && top(value) < figure.old[0]) found.push(fill(form.dataset.fell, words));
  if (top(figure.old) > 0 && value[0] >= 10 * top(figure.old)) found.push(fill(form.dataset.jump, words));
  if (swapped(figure.old[0], value[0])) found.push(fill(form.dataset.swapped, words));
  return found;
}

/** The dead became fewer, a digit too many, digits that changed places, more people than there are. */
export function doubts(form, figures) {
  if (chosen(form, 'answer').value !== 'figures') return [];
  const found = figures.flatMap((figure) => doubtsOf(form, figure));
  const present = figures.find((figure) => figure.key === 'wni.present');
  const limit = present && (valueOf(present) ?? present.old);
  const states = figures.filter((figure) => figure.group === 'wni' && figure !== present);
  const sum = states.reduce((total, figure) => total + (valueOf(figure)?.[0] ?? 0), 0);
  if (limit && sum > top(limit)) found.push(fill(form.dataset.exceed, { sum: digits(sum), present: printed(limit) }));
  return found;
}
