/** The form to the citizen: ready sentences by one press, how much is written, and how many SMS that makes. */
import { bind, fill } from './bind.js';

const GSM = /^[\n\r A-Za-z0-9@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~\]|€]*$/;
const TWICE = /[\^{}\\[~\]|€]/g;

/** Parts of one SMS: 160 and 153 septets, or 70 and 67 units where one character is not of the small alphabet. */
export function parts(text) {
  const small = GSM.test(text);
  const size = text.length + (small ? (text.match(TWICE) ?? []).length : 0);
  const [one, more] = small ? [160, 153] : [70, 67];
  return size <= one ? 1 : Math.ceil(size / more);
}

bind('talk-form', (form) => {
  const { text, sms } = form.elements;
  const count = form.querySelector('[data-part="count"]');
  const number = new Intl.NumberFormat(document.documentElement.lang);

  function show() {
    const written = `${number.format(text.value.length)} / ${number.format(text.maxLength)}`;
    const carried = sms?.checked && text.value ? ` · ${fill(form.dataset.parts, { n: parts(form.dataset.prefix + text.value) })}` : '';
    count.textContent = `${written}${carried}`;
  }

  form.addEventListener('input', show);
  form.addEventListener('click', (event) => {
    const sentence = event.target.closest('[data-insert]')?.dataset.insert;
    if (!sentence) return;
    const before = text.value.slice(0, text.selectionStart);
    const gap = before && !/\s$/.test(before) ? ' ' : '';
    text.setRangeText(gap + sentence, text.selectionStart, text.selectionEnd, 'end');
    text.focus();
    // As if it were typed: the count follows, and others see who is writing.
    text.dispatchEvent(new Event('input', { bubbles: true }));
  });
  show();
});
