/**
 * Keeps a [data-module="panel"] fresh on pages that can't afford htmx: fetched anew from data-url on frames of its
 * data-topic and every half minute (a deadline passes without a frame), then drawn into what stands, so that what a
 * reader opened stays open and what has focus keeps it.
 */
import { bind } from './bind.js';
import { tick } from './clock.js';

const EVERY = 30_000;

function copyAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

const alike = (old, fresh) => old && !old.id && !fresh.id && old.nodeName === fresh.nodeName;

/** Makes `old` look like `fresh`; elements with an id are found again wherever they moved. */
function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  copyAttributes(old, fresh);
  const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const same = node.id ? named.get(node.id) : alike(at, node) && at;
    if (!same) old.insertBefore(node, at);
    else if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    if (same) morph(same, node);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

bind('panel', (panel) => {
  let busy = false;
  let again = false;

  async function refresh() {
    again = busy;
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(panel.dataset.url, { redirect: 'error' });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(panel.id);
      if (fresh) {
        morph(panel, fresh);
        tick(panel);
      }
    } catch {
      /* The strip says that data is old; the next frame tries again. */
    }
    busy = false;
    if (again) refresh();
  }

  document.body.addEventListener(`live:topic:${panel.dataset.topic}`, refresh);
  setInterval(() => { if (!document.hidden) refresh(); }, EVERY);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
});
