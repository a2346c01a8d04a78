/**
 * The page of one emergency: live panels keep what a person opened or typed in them, and the keys of its head.
 *
 * Keys work while the head has the focus, and nowhere else: typing a note never takes anything.
 */
import { now } from './clock.js';
import './lease.js';

const PANELS = '#head, #tasks, #mission, #duplicates';
const FIELDS = 'input:not([type="hidden"], [type="radio"]), textarea, select';
const kept = new Map();

const idOf = (element) => element.id || element.closest('details[id]')?.id;

/** What is open and what is typed, by id; chosen radios by name. */
function keep(panel) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  kept.set(panel.id, {
    open: [...panel.querySelectorAll('details[id][open]')].map(({ id }) => id),
    typed: [...panel.querySelectorAll(FIELDS)].filter(({ id }) => id).map(({ id, value }) => [id, value]),
    chosen: [...panel.querySelectorAll('input[type="radio"]:checked')].map((radio) => [idOf(radio), radio.name, radio.value]),
    caret: focused?.matches('input:not([type="radio"]), textarea') ? [focused.id, focused.selectionStart, focused.selectionEnd] : null,
  });
}

function restore(panel) {
  const was = kept.get(panel.id);
  if (!was) return;
  for (const id of was.open) document.getElementById(id)?.setAttribute('open', '');
  for (const [id, value] of was.typed) {
    const field = document.getElementById(id);
    if (field && field.value !== value) field.value = value;
  }
  for (const [id, name, value] of was.chosen) {
    const radio = [...(document.getElementById(id)?.querySelectorAll('input[type="radio"]') ?? [])]
      .find((each) => each.name === name && each.value === value);
    if (radio) radio.checked = true;
  }
  if (was.caret) document.getElementById(was.caret[0])?.setSelectionRange(was.caret[1], was.caret[2]);
}

document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  if (detail.target.matches(PANELS)) keep(detail.target);
});
document.addEventListener('htmx:afterSwap', ({ detail }) => {
  const panel = document.getElementById(detail.target.id);
  if (panel?.matches(PANELS)) restore(panel);
  if (panel?.id === 'head') tellLease();
});

/** Who is writing, beside the field of who would write too; gone when its time is over, without a frame. */
function tellLease() {
  const chip = document.querySelector('#head .lease');
  if (chip) chip.hidden = Date.parse(chip.dataset.leaseUntil) <= now();
  const other = chip && !chip.hidden && chip.dataset.mine === undefined;
  for (const place of document.querySelectorAll('[data-part="lease"]')) {
    place.textContent = other ? chip.textContent : '';
    place.hidden = !other;
  }
}
document.addEventListener('clock:tick', tellLease);

// Another mission answers now, or a right was withdrawn: what this page shows is not this person's any more.
// Only its own frames: those about what was read of its dialogue carry no card at all.
document.body.addEventListener('live:frame', ({ detail }) => {
  if (detail.card === null && detail.kind.startsWith('emergency.') && detail.id === document.getElementById('head')?.dataset.number) location.reload();
});

const acts = {
  a: (head) => head.querySelector('[data-key="a"] button')?.click(),
  n: () => document.getElementById('id_note')?.focus(),
  m: () => document.querySelector('[data-key="m"]')?.click(),
  escape: (head) => head.querySelector('.back')?.click(),
};

document.addEventListener('keydown', (event) => {
  const head = event.target.closest?.('#head');
  if (!head || event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, textarea, select')) return;
  const act = acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act(head);
});
