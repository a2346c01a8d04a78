/** The error summary takes focus; its links move to the field. */
import { bind } from './bind.js';

bind('error-summary', (summary) => {
  summary.focus();
  if (!document.title.startsWith(summary.dataset.prefix)) document.title = summary.dataset.prefix + document.title;
});
