/**
 * [data-module="leaving"] is a form that htmx keeps while it is typed in, after a short pause. What is still waiting for
 * that pause when the page is left is sent then, before the next page is asked for; `keepalive` lets it outlive its page.
 */
import { bind } from './bind.js';

bind('leaving', (form) => {
  const typed = () => new URLSearchParams(new FormData(form));
  const words = () => {
    const fields = typed();
    fields.delete('seen'); // the server's count of what it kept, no word of a person
    return fields.toString();
  };
  let kept = words();
  let sent = kept;
  form.addEventListener('htmx:beforeSend', ({ target }) => { if (target === form) sent = words(); });
  form.addEventListener('htmx:afterRequest', ({ target, detail }) => {
    if (target === form && detail.successful) kept = sent;
  });
  // The act carries every word itself.
  form.addEventListener('submit', () => { kept = words(); });
  addEventListener('beforeunload', () => {
    if (words() === kept) return;
    const draft = { method: 'POST', body: typed(), keepalive: true, redirect: 'manual' };
    fetch(form.getAttribute('hx-post'), draft).catch(() => undefined);
  });
});
