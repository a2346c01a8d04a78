/** After a tick the next line that waits has the focus; after the last one the signature. */
import { bind } from './bind.js';

bind('handover', (sheet) => {
  sheet.addEventListener('htmx:afterSettle', (event) => {
    const item = event.target.closest?.('.ho-item');
    if (!item) return;
    const own = item.querySelector('input[name="repeat"]');
    const waiting = [...sheet.querySelectorAll('.ho-item:not(.is-ticked) input[name="repeat"]')];
    const after = waiting.find((input) => item.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING);
    (own ?? after ?? waiting[0] ?? document.getElementById('sign-button'))?.focus();
  });
});
