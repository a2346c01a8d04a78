/** A panel that can't be loaded says so; one that could keeps what it shows, and the connection strip tells its age. */
import { bind } from './bind.js';

bind('pending-panel', (panel) => {
  const show = (failed) => {
    panel.querySelector('.state--loading').hidden = failed;
    panel.querySelector('.state--failed').hidden = !failed;
  };
  for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
    panel.addEventListener(name, (event) => {
      if (event.target === panel) show(true);
    });
  }
  panel.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target === panel) show(false);
  });
});
