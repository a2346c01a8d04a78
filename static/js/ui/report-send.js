/**
 * The form and its outbox: every touch is a draft, SEND puts it into the queue, and the page says honestly how far it
 * got: draft, queued, received by the command centre. "Received" is only ever said with the server's own number.
 */
import { fill } from './bind.js';
import { hours, now, sync } from './clock.js';
import { draftOf, enter, keepBox, keepSending, news, saveDraft, takeBack, waiting, drain } from './outbox.js';
import { chosen, sentence, valueOf } from './report-checks.js';
import { say } from './say.js';

const UNDO_SECONDS = 10;
const KEPT_APART = new Set(['client_id', 'replaces']);

class Sending {
  constructor(form, figures) {
    [this.form, this.figures, this.words] = [form, figures, form.dataset];
    [this.box, this.panel] = [form.dataset.box, document.getElementById('outbox')];
    const asked = new URLSearchParams(location.search).get('replaces') ?? '';
    this.replaces = form.elements.replaces.value || (/^\d{1,9}$/.test(asked) ? asked : '');
    this.name = `${this.box}/${this.replaces}`;
    this.shown = null;
    this.unsaved = 0;
    this.saving = Promise.resolve();
    this.startAnew();
    this.ready = this.open();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      // Where nothing can be kept after all, the form is sent as any form is.
      this.ready.then(() => this.submit(), () => form.submit());
    });
  }

  /** A report begins: its name is made here, so that a page kept from yesterday can't lend it an old one. */
  startAnew() {
    this.form.elements.client_id.value = crypto.randomUUID();
    this.form.elements.replaces.value = this.replaces;
  }

  async open() {
    await keepBox(this.box, { token: this.words.token, api: this.words.api });
    const draft = await draftOf(this.name);
    if (draft) this.restore(draft.fields, draft.said_at);
    this.apart = Boolean(draft);
    this.form.addEventListener('input', () => this.draft());
    this.form.addEventListener('change', () => this.draft());
    this.panel.addEventListener('click', (event) => this.act(event.target.closest('[data-act]')?.dataset.act));
    news.addEventListener('change', (event) => this.hear(event.detail));
    await this.look();
    this.form.dataset.ready = 'yes';
    keepSending();
  }

  /* Drafts */

  fields() {
    return [...new FormData(this.form)].map(([name, value]) => [name, String(value)]);
  }

  restore(fields, saidAt) {
    for (const element of this.form.elements) {
      if (!element.name) continue;
      const values = fields.filter(([name]) => name === element.name).map(([, value]) => value);
      if (element.type === 'radio' || element.type === 'checkbox') element.checked = values.includes(element.value);
      else if (values.length) [element.value] = values;
      if (element.classList.contains('stepper-input')) element.dispatchEvent(new Event('input'));
    }
    for (const more of this.form.querySelectorAll('details.more')) {
      if ([...more.querySelectorAll('.stepper-input, textarea')].some((input) => input.value !== '')) more.open = true;
    }
    this.form.dispatchEvent(new Event('change'));
    if (saidAt) this.sayDraft(saidAt);
  }

  /** One save after the other, each of what stands there when its turn comes. */
  draft() {
    if (!chosen(this.form, 'answer').value) return;
    // Whoever fills in a report here is not called away by what another tab sends.
    this.apart = true;
    this.unsaved += 1;
    this.form.dataset.unsaved = 'yes';
    this.saving = this.saving.then(() => this.save()).catch(() => undefined).then(() => {
      this.unsaved -= 1;
      if (!this.unsaved) delete this.form.dataset.unsaved;
    });
  }

  async save() {
    if (this.leaving) return;
    const at = now();
    await saveDraft(this.name, { fields: this.fields(), said_at: at });
    this.sayDraft(at);
  }

  sayDraft(at) {
    this.form.querySelector('.report-draft').textContent = fill(this.words.draft, { time: hours(at, { seconds: true }) });
  }

  /* Sending */

  body() {
    const { value: answer } = chosen(this.form, 'answer');
    const field = (name) => this.form.elements[name].value;
    const told = answer === 'figures' ? this.figures.filter(valueOf) : [];
    const ends = (figure) => { const [value, high] = valueOf(figure); return high === null ? value : { value, high }; };
    const body = { client_id: field('client_id'), answer, age_s: 60 * Number(chosen(this.form, 'ago').value || 0) };
    if (told.length) body.figures = Object.fromEntries(told.map((figure) => [figure.key, ends(figure)]));
    for (const name of ['authorities', 'hospitals']) if (chosen(this.form, name).value) body[name] = chosen(this.form, name).value;
    for (const name of ['source', 'note']) if (field(name)) body[name] = field(name);
    if (field('replaces')) body.replaces = Number(field('replaces'));
    return body;
  }

  async submit() {
    if (this.leaving) return;
    const body = this.body();
    const empty = body.answer === 'figures' && !(body.figures || body.authorities || body.hospitals || body.note?.trim());
    if (!body.answer || empty) {
      this.refuse([{ field: '', id: this.words.empty, en: this.words.empty }]);
      return;
    }
    this.leaving = true;
    this.apart = false;
    delete this.form.dataset.mending;
    this.form.querySelectorAll('[data-refused]').forEach((old) => old.remove());
    const said = sentence(this.form, this.figures);
    const item = { body, fields: this.fields(), said, line: this.line(body), replaces: this.replaces };
    await this.saving;
    await enter(this.box, item, this.name);
    await this.look();
    await drain().catch(() => undefined);
  }

  /** The same report as one SMS, for a telephone that has no data. */
  line(body) {
    const signs = JSON.parse(this.words.signs);
    const told = body.figures ? this.figures.filter((figure) => figure.letter && valueOf(figure)) : [];
    const parts = told.map((figure) => figure.letter + valueOf(figure).filter((end) => end !== null).join('-'));
    const rest = [signs.answer[body.answer], ...told.length ? parts : [], signs.authorities[body.authorities], signs.hospitals[body.hospitals]];
    return [`DCC ${this.box.split('.')[0]}`, ...rest].filter(Boolean).join(' ');
  }

  /* What became of it */

  async look() {
    const items = await waiting(this.box);
    const refused = items.find((item) => item.state === 'refused');
    if (refused) return this.mend(refused);
    const item = items.find((one) => one.id === this.shown?.id) ?? (this.apart ? null : items.at(-1));
    this.shown = item ?? null;
    const others = this.form.querySelector('.report-others');
    others.hidden = Boolean(item) || !items.length;
    others.textContent = fill(this.words.others, { n: items.length });
    return item ? this.show(item) : this.hide();
  }

  async hear({ id, box, state, number, received_at: at, next }) {
    if (box !== this.box) return;
    if (at && Date.parse(at) > now()) sync(at);
    if (this.shown?.id === id && next) this.shown = { ...this.shown, id: next };
    if (state === 'received' && this.shown?.id === id) {
      location.assign(this.words.sent.replace('/0/', `/${number}/`));
      return;
    }
    await this.look();
  }

  show(item) {
    const { panel } = this;
    if (panel.hidden) {
      panel.hidden = false;
      this.form.hidden = true;
      this.leaving = true;
      this.until = Date.now() + UNDO_SECONDS * 1000;
      this.count();
      panel.focus();
    }
    const offline = item.tries > 0 || !navigator.onLine;
    const state = item.state === 'stuck' ? this.words.stuck : offline ? this.words.offline : this.words.queued;
    const put = (name, text) => { const part = panel.querySelector(`[data-part="${name}"]`); if (part.textContent !== text) part.textContent = text; };
    if (panel.querySelector('[data-part="state"]').textContent !== state) say(state);
    put('state', state);
    put('said', item.said);
    put('line', item.line);
    this.link(item.line);
    panel.querySelector('[data-part="sms"]').hidden = !offline && item.state !== 'stuck';
    panel.querySelector('[data-part="problem"]').hidden = item.state !== 'stuck';
    const { id, en } = item.problem?.errors?.[0] ?? { id: item.problem?.detail?.id ?? '', en: item.problem?.detail?.en ?? '' };
    put('problem-id', id);
    put('problem-en', en);
    panel.querySelector('[data-act="edit"]').hidden = item.tries > 0 && item.state !== 'stuck';
  }

  link(line) {
    const link = this.panel.querySelector('[data-part="sms-link"]');
    link.href = `sms:?body=${encodeURIComponent(line)}`;
  }

  hide() {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.form.hidden = false;
    this.leaving = false;
  }

  /** "Take back (7)": for ten seconds, as long as a wrong tap can be undone by a tap. */
  count() {
    const button = this.panel.querySelector('[data-act="undo"]');
    const left = Math.ceil((this.until - Date.now()) / 1000);
    button.hidden = left <= 0 || !this.shown || (this.shown.tries > 0 && this.shown.body.answer === 'figures');
    button.textContent = fill(this.words.undo, { n: left });
    if (left > 0) setTimeout(() => this.count(), 250);
  }

  async act(name) {
    if (!name || !this.shown) return;
    const { shown } = this;
    if (name === 'edit' || name === 'undo') await this.takeBack(shown, name === 'undo');
    if (name === 'new') {
      this.shown = null;
      this.apart = true;
      this.form.reset();
      this.startAnew();
      this.hide();
      this.form.dispatchEvent(new Event('change'));
    }
  }

  async takeBack(shown, undo) {
    this.until = 0;
    const { answer } = shown.body;
    const correction = undo && answer !== 'figures' ? { client_id: crypto.randomUUID(), age_s: 0, ...JSON.parse(this.words.corrections)[answer] } : null;
    if (!(await takeBack(shown.id, correction))) return this.look();
    await this.again(shown);
    return this.look();
  }

  /** The report is a draft again, as it was typed. */
  async again({ fields }) {
    this.shown = null;
    this.hide();
    this.restore(fields, now());
    this.draft();
    await this.saving;
  }

  /* What the server refused */

  /** Every field as it was typed, with what is wrong beside it in both languages; sent again it keeps its name. */
  async mend(item) {
    if (this.form.dataset.mending === item.id) return;
    this.form.dataset.mending = item.id;
    this.leaving = false;
    this.hide();
    if (this.form.elements.client_id.value !== item.id) this.restore(item.fields);
    this.refuse(item.problem?.errors ?? []);
  }

  refuse(errors) {
    const list = this.form.querySelector('.report-refused');
    this.form.querySelectorAll('[data-refused]').forEach((old) => old.remove());
    const told = errors.length ? errors : [{ field: '', id: this.words.unclear, en: this.words.unclear }];
    const template = document.getElementById('report-error');
    const build = ({ id, en }) => {
      const item = template.content.firstElementChild.cloneNode(true);
      item.dataset.refused = 'yes';
      item.querySelector('[lang="id"]').textContent = id;
      item.querySelector('[lang="en"]').textContent = en === id ? '' : en;
      return item;
    };
    for (const error of told) {
      const name = { age_s: 'ago', as_of: 'ago' }[error.field] ?? error.field.replace(/^figures\./, '').split('.').slice(0, 2).join('_');
      const place = !KEPT_APART.has(name) && name && this.form.querySelector(`.report-figure:has([name="${CSS.escape(name)}"]), #id_${CSS.escape(name)}`);
      if (place) (place.matches('.report-figure, fieldset') ? place : place.parentElement).append(build(error));
      else list.append(build(error));
    }
    this.form.querySelectorAll('details.more').forEach((more) => { more.open ||= Boolean(more.querySelector('[data-refused]')); });
    const first = this.form.querySelector('[data-refused]');
    first.scrollIntoView({ block: 'center' });
    say([...this.form.querySelectorAll('[data-refused]')].map((one) => one.textContent.trim()).join('. '), true);
  }
}

/** The worker keeps this page and its parts, so that the link opens without a line. */
async function keepOpen(url) {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(url, { type: 'module' });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => new URL(name).pathname.startsWith('/static/'));
  active.postMessage({ url: location.origin + location.pathname, parts: [...new Set(parts)] });
}

export function sendLater(form, figures) {
  new Sending(form, figures);
  const keep = () => keepOpen(form.dataset.worker).catch(() => undefined);
  if (document.readyState === 'complete') keep();
  else window.addEventListener('load', keep, { once: true });
}
