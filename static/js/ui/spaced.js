/** The same act at once, then at most four times a second however often it is asked for; the last asking is never lost. */
const EVERY = 250;

export function spaced(act) {
  let timer = 0;
  let again = false;
  const due = () => {
    timer = again ? setTimeout(due, EVERY) : 0;
    if (again) act();
    again = false;
  };
  return () => {
    again = true;
    if (!timer) due();
  };
}
