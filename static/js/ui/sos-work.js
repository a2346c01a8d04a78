/**
 * What the server asks for while very many requests arrive, loaded only then: a pause (429), or work (428), a number whose
 * SHA-256 begins with so many zero bits. Reckoned in small steps and without WebCrypto: that works on any origin, and the
 * telephone numbers of the page stay usable.
 */
const STEP_MS = 20;
const LONGEST_PAUSE = 20;
const START = new Int32Array(8);
const ROUND = new Int32Array(64);

/** The fractions of the square and cube roots of the first primes. */
for (let n = 2, found = 0; found < 64; n += 1) {
  let d = 2;
  while (n % d) d += 1;
  if (d === n) {
    if (found < 8) START[found] = (n ** 0.5 % 1) * 2 ** 32;
    ROUND[found] = (n ** (1 / 3) % 1) * 2 ** 32;
    found += 1;
  }
}

const words = new Int32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

/** The first 32 bits of the SHA-256 of a short text (at most 55 ASCII characters: one block). */
export function firstWord(text) {
  words.fill(0, 0, 16);
  for (let i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[15] = text.length * 8;
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    if (i > 15) {
      const x = words[i - 15];
      const y = words[i - 2];
      words[i] = words[i - 16] + words[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return (a + START[0]) >>> 0;
}

/** The header that shows the work done. */
async function solve({ bits, until, salt }) {
  for (let n = 0, pausedAt = performance.now(); ; n += 1) {
    if (firstWord(`${salt}.${n}`) >>> (32 - bits) === 0) return { 'DCC-Work': `${bits}.${until}.${salt}.${n}` };
    if (n % 256 === 0 && performance.now() - pausedAt > STEP_MS) {
      await new Promise((done) => { setTimeout(done); });
      pausedAt = performance.now();
    }
  }
}

/** Waits as long as the server asks, or does its work; the headers to send the request with again. */
export async function heed(answer) {
  if (answer.status === 428) return solve((await answer.json()).work);
  const seconds = Math.min(LONGEST_PAUSE, Number(answer.headers.get('Retry-After')) || 1);
  await new Promise((done) => { setTimeout(done, seconds * 1000); });
  return {};
}
