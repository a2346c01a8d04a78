/**
 * Switches push messages on for this device. The panel carries the words of each state, the key, and digests of the
 * person's devices: a browser that another person subscribed with is not this person's until the button is pressed.
 */
import { bind } from './bind.js';

const supported = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(key) {
  const plain = atob(key.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

bind('push', (panel) => {
  const button = panel.querySelector('[data-enable]');
  const show = (state) => {
    panel.dataset.push = state;
    panel.querySelectorAll('[data-state]').forEach((words) => { words.hidden = words.dataset.state !== state; });
    button.hidden = !['off', 'failed'].includes(state);
    panel.querySelector(`[data-state="${state}"]`)?.setAttribute('role', 'status');
  };

  async function look() {
    if (!supported()) return show('unsupported');
    if (Notification.permission === 'denied') return show('denied');
    const registration = await navigator.serviceWorker.getRegistration(panel.dataset.worker);
    const subscription = await registration?.pushManager?.getSubscription();
    const mine = subscription && panel.dataset.known.split(' ').includes(await digest(subscription.endpoint));
    return show(mine && Notification.permission === 'granted' ? 'ready' : 'off');
  }

  async function subscribe() {
    const registration = await navigator.serviceWorker.register(panel.dataset.worker, { scope: '/' });
    await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytesOf(panel.dataset.key) };
    try {
      return await registration.pushManager.subscribe(options);
    } catch (error) {
      // Another key stands behind an older subscription: that one can receive nothing any more.
      const older = await registration.pushManager.getSubscription();
      if (!older) throw error;
      await older.unsubscribe();
      return registration.pushManager.subscribe(options);
    }
  }

  async function enable() {
    button.disabled = true;
    try {
      if (await Notification.requestPermission() !== 'granted') return look();
      const { endpoint, keys } = (await subscribe()).toJSON();
      const answer = await fetch(panel.dataset.add, {
        method: 'POST',
        redirect: 'error',
        headers: { 'X-CSRFToken': panel.dataset.csrf },
        body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
      });
      if (!answer.ok) return show('failed');
      panel.dataset.known += ` ${await digest(endpoint)}`;
      return show('ready');
    } catch {
      return show('failed');
    } finally {
      button.disabled = false;
    }
  }

  button.addEventListener('click', enable);
  look().catch(() => show('failed'));
});
