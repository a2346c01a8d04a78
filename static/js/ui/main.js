/** What every page of the command centre starts with. A page's own modules are listed in its block "modules". */
import './clock.js';
import './dialog.js';
import './errors.js';
import './refreshed.js';
import './strip.js';
import './theme.js';
import './toast.js';

document.documentElement.classList.add('js');
