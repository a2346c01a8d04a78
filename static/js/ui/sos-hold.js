/** Hold for two seconds, by finger, mouse, Space or Enter; a shorter press sends nothing and says so. */

const HOLD = 2000;

export function hold(button, { done, tooShort }) {
  let timer = 0;

  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    button.classList.remove('is-holding');
  };
  const start = () => {
    if (timer) return;
    button.classList.add('is-holding');
    timer = setTimeout(() => {
      stop();
      navigator.vibrate?.(200);
      done();
    }, HOLD);
  };
  const release = () => {
    const early = timer;
    stop();
    if (early) tooShort();
  };
  const pressed = ({ key }) => key === ' ' || key === 'Enter';

  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture?.(event.pointerId);
    start();
  });
  button.addEventListener('pointerup', release);
  button.addEventListener('pointercancel', stop);
  button.addEventListener('keydown', (event) => {
    if (!pressed(event)) return;
    event.preventDefault();
    if (!event.repeat) start();
  });
  button.addEventListener('keyup', (event) => pressed(event) && release());
  button.addEventListener('blur', stop);
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  // Screen readers and switches press without a pointer or a key: they get the two-step way.
  button.addEventListener('click', (event) => event.detail === 0 && tooShort(true));
}
