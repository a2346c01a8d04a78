/** Short messages at the lower right, with undo for ten seconds where the server offered it. */
import { say } from './say.js';

const LIFE = 8000;
const UNDO = 10;

function close(item) {
  item.remove();
}

function arm(item) {
  item.querySelector('[data-close-toast]')?.addEventListener('click', () => close(item));
  const form = item.querySelector('form');
  if (!form) {
    if (item.dataset.tone !== 'critical' && item.dataset.tone !== 'high') setTimeout(() => close(item), LIFE);
    return;
  }
  let left = UNDO;
  item.dataset.left = left;
  const timer = setInterval(() => {
    left -= 1;
    item.dataset.left = left;
    if (left <= 0) {
      clearInterval(timer);
      close(item);
    }
  }, 1000);
  form.addEventListener('submit', () => clearInterval(timer));
}

/** Shows one message; tone "high" and "critical" stay until closed. */
export function toast(text, { tone = '' } = {}) {
  const list = document.getElementById('toasts');
  const template = document.getElementById('toast-template');
  if (!list || !template) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector('p').textContent = text;
  if (tone) item.dataset.tone = tone;
  list.append(item);
  arm(item);
  say(text);
}

document.querySelectorAll('#toasts > .toast').forEach(arm);
