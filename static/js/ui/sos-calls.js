/** Whom to call: what the server answered, else what this device holds of every mission and country. */
import { copy, fill, part, put, show, words } from './sos-parts.js';

const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
const page = document.documentElement;

let table = null;
let loading = null;
let known = null;
let serving = [];
let drawn = '';

const numbers = (list, all) => list.replaceChildren(...all.map((number) => {
  const item = copy('call');
  item.querySelector('a').href = `tel:${number}`;
  item.querySelector('b').textContent = number;
  return item;
}));

/** The mission that the server named; where it has no telephone, and before anything is known, those of the country. */
function missions() {
  const all = [...(known ? [known] : []), ...(known?.[1].length ? [] : serving)];
  part('missions').replaceChildren(...all.map(([name, phones,,, reason = '']) => {
    const item = copy('mission');
    item.querySelector('h2').textContent = name;
    numbers(item.querySelector('ul'), phones);
    item.querySelector('[data-none]').hidden = phones.length > 0;
    item.querySelector('[data-reason]').textContent = reason;
    return item;
  }));
}

const json = (address) => fetch(address, { credentials: 'omit' }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);

/** The table comes from this device when there is no line; one that never came is asked for again. */
export function load() {
  loading ??= json(words.numbers).then((found) => {
    table = found;
    if (!found) loading = null;
  });
  return loading;
}

/** The telephone's clock tells the country of most travellers; one that was never set tells nothing. */
export const guess = () => Object.keys(table?.countries ?? {}).find((iso) => iso !== 'ID' && table.countries[iso][2].includes(zone));

const far = ([,, lat, lon], fix) => (lat - fix.lat) ** 2 + ((((lon - fix.lon + 540) % 360) - 180) * Math.cos(fix.lat / 57.3)) ** 2;

/** The missions of a country (nearest first where there is a fix), and its emergency numbers. */
export function callsIn(iso, guessed, fix) {
  const found = table?.countries[iso];
  const key = [iso, guessed, fix?.lat.toFixed(1), fix?.lon.toFixed(1)].join();
  if (!found || key === drawn) return;
  drawn = key;
  put('local-name', part('details').querySelector(`[value="${iso}"]`)?.textContent ?? iso);
  show('guessed', guessed);
  numbers(part('local-phones'), found[0]);
  show('local', found[0].length > 0);
  serving = found[1].map((index) => table.missions[index]);
  if (fix) serving.sort((one, other) => far(one, fix) - far(other, fix));
  missions();
}

/** The mission that answers, as the server decided. */
export function callsOf(mission) {
  const told = mission && [mission.name || words.headquarters, mission.phones, 0, 0, mission.reason[page.lang]];
  if (!mission || `${told}` === `${known}`) return;
  known = told;
  missions();
}

/** Before anything is sent: who answers for this place. */
export async function askFor({ lat, lon }) {
  if (known) return;
  const { mission, reason, country } = await json(`${words.responsible}?lat=${lat}&lon=${lon}`) ?? {};
  if (!reason) return;
  callsOf({ name: mission?.name, phones: mission ? [...mission.hotline.e164, ...mission.phones.e164] : [], reason });
  callsIn(country, false);
}

/** Without a line a text message may still go, where the command centre takes them. */
export function text({ report }, fix) {
  const at = fix ?? report.location;
  const place = at ? `${at.lat.toFixed(5)},${at.lon.toFixed(5)} ±${at.accuracy_m}m ${at.fixed_at.slice(0, 16)}Z` : report.place ?? report.country ?? '';
  show('sms', Boolean(table?.sms));
  if (table?.sms) part('sms-link').href = `sms:${table.sms}?body=${encodeURIComponent(fill(words.smsText, { ref: report.client_id.slice(0, 8), place }))}`;
}
