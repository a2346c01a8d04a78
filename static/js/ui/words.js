/** A number in words, from the table that the page carries (the same table the server spells with). */

let table = null;

function load() {
  if (table === null) {
    const element = document.getElementById('number-words');
    table = element ? JSON.parse(element.textContent) : false;
  }
  return table;
}

function group(n, size, one, many) {
  const high = Math.floor(n / size);
  const rest = n % size;
  return (high === 1 ? one : `${spell(high)} ${many}`) + (rest ? ` ${spell(rest)}` : '');
}

function spell(n) {
  if (n < 100) return table.small[n];
  if (n < 1000) return table.hundreds[Math.floor(n / 100) - 1] + (n % 100 ? ` ${spell(n % 100)}` : '');
  if (n < 1e6) return group(n, 1000, ...table.thousand);
  if (n < 1e9) return group(n, 1e6, ...table.million);
  return String(n);
}

/** "seribu lima ratus"; "" when the page carries no table or the text is not a whole number. */
export function words(text) {
  if (!/^\d{1,9}$/.test(text) || !load()) return '';
  return spell(Number(text));
}
