/** The dialogue: each message with how far it got, and the server is told what this device showed. */
import { say } from './say.js';
import { copy, part, show, time, words } from './sos-parts.js';

let heard = 0;
let told = 0;

const key = (name) => name.replace(/^./, (letter) => letter.toUpperCase());

/** One message: whose, and for the citizen's own how far it got. */
function bubble({ side, state, text, at }) {
  const item = copy('message');
  item.dataset.side = side;
  item.querySelector('p').textContent = text;
  const far = side === 'citizen' && state ? words[`state${key(state)}`] : '';
  item.querySelector('small').textContent = side === 'waiting' ? words.unsent : [words[`side${key(side)}`], at && time(at), far].filter(Boolean).join(' · ');
  return item;
}

export function draw(box, seen) {
  const { report } = box.state;
  const waiting = box.unsent.filter(({ to }) => to === 'messages').map(({ body }) => ({ side: 'waiting', text: body.text }));
  const first = report.message ? [{ side: box.sent ? 'citizen' : 'waiting', text: report.message, at: box.sent?.received_at }] : [];
  const answers = (seen?.messages ?? []).filter(({ side }) => side !== 'citizen');
  const all = [...first, ...(seen?.messages ?? []), ...waiting];
  const list = part('messages');
  const drawn = JSON.stringify(all);
  if (list.dataset.drawn !== drawn) {
    list.dataset.drawn = drawn;
    list.replaceChildren(...all.map(bubble));
    if (answers.length > heard) say(answers.at(-1).text);
    heard = answers.length;
    show('messages', all.length > 0);
  }
  const said = new Set(all.map(({ text }) => text));
  for (const chip of part('kinds').querySelectorAll('button')) chip.disabled = said.has(chip.textContent.trim());
}

/** What stood on the screen; a server that does not take it yet is not asked again. */
export async function tell(box, seen) {
  const newest = Math.max(0, ...(seen?.messages ?? []).filter(({ side, id }) => side !== 'citizen' && id).map(({ id }) => id));
  if (document.hidden || newest <= told) return;
  const before = told;
  told = newest;
  const answer = await box.request(`/${box.sent.number}/messages/seen`, { up_to: newest });
  if (!answer) told = before;
}
