/** The connection strip: says what the socket knows, in words, and hatches the page when data is over a minute old. */
import { bind, fill } from './bind.js';
import { hours, now, short, sync } from './clock.js';
import { say } from './say.js';

const BROKEN_AFTER = 60_000;

function moment(value) {
  const time = typeof value === 'number' ? value : Date.parse(value ?? '');
  return Number.isNaN(time) ? null : time;
}

bind('strip', (strip) => {
  const word = strip.querySelector('.strip-word');
  const facts = strip.querySelector('.strip-facts');
  const main = document.querySelector('main');
  let seen = { state: strip.dataset.state };
  let data = now();

  function sentence() {
    return fill(strip.dataset[seen.state], {
      n: seen.attempt ?? 1, s: seen.every ?? 10, t: hours(moment(seen.since) ?? data),
    });
  }

  function draw() {
    const old = now() - data;
    strip.dataset.state = seen.state;
    word.textContent = sentence();
    facts.textContent = fill(strip.dataset.facts, {
      t: hours(data, { seconds: true }), a: short(old / 1000), n: seen.head ?? strip.dataset.head ?? '',
    });
    if (seen.state === 'connected') main?.classList.remove('is-broken');
    else if (old > BROKEN_AFTER && seen.state !== 'connecting') main?.classList.add('is-broken');
  }

  document.body.addEventListener('live:state', (event) => {
    const before = seen.state;
    seen = { ...event.detail };
    // The first seconds of a page are not a loss.
    if (before === 'connecting' && seen.state === 'reconnecting' && !seen.attempt) seen.state = before;
    const at = moment(seen.at);
    if (at !== null) {
      if (seen.state === 'connected') sync(at);
      data = at;
    }
    draw();
    if (before !== seen.state && before !== 'connecting') say(sentence());
  });
  document.addEventListener('clock:tick', draw);
});
