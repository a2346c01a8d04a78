/** What the light pages (/sos/, /report/, sign-in, errors) start with. */
import './clock.js';
import './errors.js';
import './stepper.js';

document.documentElement.classList.add('js');
