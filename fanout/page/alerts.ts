import type { Classes } from './classes.js';
import { copyOf, find, setText } from './element.js';
import type { AlertMessage } from './messages.js';
import { colourOf } from './palette.js';

const mostAlerts = 200;

/** The newest 200 alerts, newest first; older ones are forgotten. */
export class Alerts {
  readonly #list = find(document, '#alerts ol', HTMLOListElement);
  readonly #count = find(document, '#alerts .total', HTMLElement);
  readonly #open: (sessionId: string) => void;
  #total = 0;

  /** `open` shows a session. */
  constructor(open: (sessionId: string) => void) {
    this.#open = open;
    find(document, '#alerts .clear', HTMLButtonElement).addEventListener('click', () => {
      this.#list.replaceChildren();
      this.#total = 0;
      setText(this.#count, '');
    });
  }

  add({ session_id, timestamp, data }: AlertMessage, classes: Classes): void {
    const row = copyOf('alert');
    const time = new Date(timestamp * 1000);
    const clock = find(row, 'time', HTMLTimeElement);
    clock.dateTime = time.toISOString();
    setText(clock, time.toLocaleTimeString());
    const name = find(row, '.swatch', HTMLElement);
    setText(name, data.class_name);
    const { class_id, class_name } = data;
    const colour = class_id === undefined ? classes.colourOf(class_name) : colourOf(class_id);
    if (colour !== null) name.style.setProperty('--swatch', colour);
    setText(find(row, '.confidence', HTMLElement), data.confidence.toFixed(2));
    const camera = find(row, 'button', HTMLButtonElement);
    setText(camera, session_id);
    camera.addEventListener('click', () => this.#open(session_id));

    this.#list.prepend(row);
    if (this.#list.childElementCount > mostAlerts) this.#list.lastElementChild?.remove();
    this.#total += 1;
    setText(this.#count, String(this.#total));
  }
}
