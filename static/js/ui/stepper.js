/**
 * − and + around a number field. Empty means "not known" and is never 0; a long press moves in tens. From an old value
 * that nobody has touched the first step leads to the next number; data-range allows "2-3" as well.
 */
import { bind } from './bind.js';
import { words } from './words.js';

const HOLD = 450;
const REPEAT = 350;

/** The number, the upper end of a range; null for nothing. */
function numberOf(text) {
  const digits = (text ?? '').split('-').at(-1);
  return digits === '' ? null : Number(digits);
}

/** Digits only; with a range one dash between two numbers. */
function cleaned(input) {
  if (!('range' in input.dataset)) return input.value.replace(/\D/g, '');
  const [low, ...rest] = input.value.replaceAll('–', '-').replace(/[^\d-]/g, '').split('-');
  return low && rest.length ? `${low}-${rest.join('')}` : low || rest.join('');
}

function change(input, value) {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

function step(input, by) {
  const before = numberOf(input.value) ?? (input.dataset.cleared ? null : numberOf(input.dataset.old));
  const largest = Number(input.dataset.max ?? 9_999_999);
  if (before === null) return change(input, by > 0 ? String(by) : '0');
  change(input, String(Math.min(largest, Math.max(0, before + by))));
}

function press(button, input) {
  const sign = Number(button.dataset.step);
  let timer = 0;
  let held = false;
  const tens = () => {
    held = true;
    step(input, sign * 10);
    timer = setTimeout(tens, REPEAT);
  };
  button.addEventListener('pointerdown', () => {
    held = false;
    timer = setTimeout(tens, HOLD);
  });
  for (const end of ['pointerup', 'pointerleave', 'pointercancel']) button.addEventListener(end, () => clearTimeout(timer));
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  button.addEventListener('click', () => {
    if (!held) step(input, sign);
    held = false;
  });
}

bind('stepper', (root) => {
  const input = root.querySelector('input');
  const unknown = root.querySelector('[data-step=""]');
  const echo = root.querySelector('.words');
  root.querySelectorAll('[data-step]:not([data-step=""])').forEach((button) => press(button, input));
  unknown?.addEventListener('click', () => {
    input.dataset.cleared = 'yes';
    change(input, '');
  });
  const draw = () => {
    const digits = cleaned(input);
    if (digits !== input.value) input.value = digits;
    unknown?.setAttribute('aria-pressed', String(input.value === ''));
    if (echo) echo.textContent = input.value.length > 2 ? words(input.value) : '';
  };
  input.addEventListener('input', draw);
  draw();
});
