/** The page's ticket: what is pulled with it waits for no session (DECISIONS 18). Heartbeats bring the next one. */

// An older ticket stays at home, and the session's cookie is asked.
const GOOD = 45_000;

let text = document.body.dataset.ticket;
let at = Date.now();

/** The next ticket; '' for one that was refused. */
export function keep(given) {
  text = given;
  at = Date.now();
}

/** Adds the ticket to a query while it is good; says whether it did. */
export function use(query) {
  const good = Boolean(text) && Date.now() - at < GOOD;
  if (good) query.set('ticket', text);
  return good;
}

/** Fetches with the ticket; where it is refused, with the session. */
export async function ask(address, options) {
  const asked = new URL(address, location.href);
  if (use(asked.searchParams)) {
    const answer = await fetch(asked, options);
    if (answer.status !== 403) return answer;
    keep('');
  }
  return fetch(address, options);
}
