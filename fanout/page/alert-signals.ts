import type { StoredAlert } from './answers.js';
import { find, setText } from './element.js';
import { t } from './language.js';

const leastMs = 2_000;

/** A sound and a notification of the browser for an alert, where they are wanted; at most one in two seconds. */
export class AlertSignals {
  readonly #sound = this.#switch('sound');
  readonly #notify = this.#switch('notify');
  #audio: AudioContext | null = null;
  #toldAt = -Infinity;

  constructor() {
    this.#notify.addEventListener('change', () => void this.#allow());
    this.#sound.addEventListener('change', () => {
      if (this.#sound.checked) this.#beep();
    });
    if (!('Notification' in globalThis) || Notification.permission !== 'granted') {
      this.#notify.checked = false;
    }
  }

  /** @param camera its name */
  tell({ class_name, session_id, frame_index }: StoredAlert, camera: string): void {
    if (performance.now() - this.#toldAt < leastMs) return;
    this.#toldAt = performance.now();
    if (this.#sound.checked) this.#beep();
    if (!this.#notify.checked || !document.hidden) return;
    const title = t('alerts.noted', { name: class_name, camera });
    new Notification(title, { tag: `${session_id} ${frame_index}`, icon: '/favicon.svg' });
  }

  async #allow(): Promise<void> {
    const denied = find(document, '#alerts .denied', HTMLElement);
    setText(denied, '');
    if (!this.#notify.checked) return;
    const granted =
      'Notification' in globalThis && (await Notification.requestPermission()) === 'granted';
    if (granted) return;
    this.#notify.checked = false;
    setText(denied, t('alerts.notifyDenied'));
  }

  /** Two short tones. A browser plays none before the first press on the page. */
  #beep(): void {
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    void audio.resume();
    for (const [at, frequency] of [
      [0, 880],
      [0.14, 1175],
    ] as const) {
      const start = audio.currentTime + at;
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.12);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.13);
    }
  }

  /** A check box that is kept. */
  #switch(name: string): HTMLInputElement {
    const box = find(document, `#alerts [name="${name}"]`, HTMLInputElement);
    const storageName = `framebus.${name}`;
    box.checked = localStorage.getItem(storageName) === 'true';
    box.addEventListener('change', () => localStorage.setItem(storageName, String(box.checked)));
    return box;
  }
}
