import { AlertSignals } from './alert-signals.js';
import type { StoredAlert } from './answers.js';
import type { Api } from './api.js';
import { copyOf, find, setText } from './element.js';
import { clock, t } from './language.js';
import type { AlertMessage } from './messages.js';
import { colourOf } from './palette.js';
import { SnapshotImages } from './snapshot-images.js';

const mostAlerts = 100;
/** An alert is replayed from a little before. */
const beforeMs = 3_000;

export interface AlertsOwner {
  /** Shows a session from a time on, in ms since the epoch. */
  open(sessionId: string, atMs: number): void;
  /** What people call a session. */
  nameOf(sessionId: string): string;
}

/** The newest 100 alerts, newest first, those of before the page was opened too; older ones are forgotten. */
export class Alerts {
  readonly #list = find(document, '#alerts ol', HTMLOListElement);
  readonly #count = find(document, '#alerts .total', HTMLElement);
  readonly #images: SnapshotImages;
  readonly #signals = new AlertSignals();
  readonly #owner: AlertsOwner;
  readonly #known = new Set<string>();

  constructor(api: Api, owner: AlertsOwner) {
    this.#images = new SnapshotImages(this.#list, api);
    this.#owner = owner;
    find(document, '#alerts .clear', HTMLButtonElement).addEventListener('click', () => {
      for (const row of [...this.#list.children]) this.#drop(row);
      this.#tell();
    });
  }

  /** Those of the last day. */
  async load(api: Api): Promise<void> {
    const stored = await api.alerts(mostAlerts).catch(() => []);
    for (const alert of stored.toReversed()) this.#insert(alert);
  }

  /** Writes the names of cameras again. */
  refresh(): void {
    for (const row of [...this.#list.children] as HTMLElement[]) {
      const name = this.#owner.nameOf(row.dataset['session'] ?? '');
      setText(find(row, '.camera', HTMLElement), name);
    }
  }

  add({ session_id, timestamp, frame_index, data }: AlertMessage): void {
    const { class_id = 0, class_name, confidence } = data;
    const captured_at = timestamp * 1000;
    const alert = { session_id, frame_index, captured_at, class_id, class_name, confidence };
    if (this.#insert(alert)) this.#signals.tell(alert, this.#owner.nameOf(session_id));
  }

  /** Whether it was new. */
  #insert(alert: StoredAlert): boolean {
    const { session_id, frame_index, class_id, class_name } = alert;
    const name = `${session_id} ${frame_index} ${class_id}`;
    if (this.#known.has(name)) return false;
    this.#known.add(name);
    const row = copyOf('alert');
    row.dataset['alert'] = name;
    row.dataset['session'] = session_id;
    row.dataset['capturedAt'] = String(alert.captured_at);
    const time = new Date(alert.captured_at);
    const stamp = find(row, 'time', HTMLTimeElement);
    stamp.dateTime = time.toISOString();
    setText(stamp, clock(alert.captured_at));
    const swatch = find(row, '.swatch', HTMLElement);
    setText(swatch, class_name);
    swatch.style.setProperty('--swatch', colourOf(class_id));
    setText(find(row, '.confidence', HTMLElement), alert.confidence.toFixed(2));
    const camera = this.#owner.nameOf(session_id);
    setText(find(row, '.camera', HTMLElement), camera);
    const button = find(row, 'button', HTMLButtonElement);
    const words = { name: class_name, camera, time: clock(alert.captured_at) };
    button.title = t('alerts.open', words);
    button.addEventListener('click', () =>
      this.#owner.open(session_id, alert.captured_at - beforeMs),
    );
    this.#images.follow(row, session_id, frame_index);

    const rows = [...this.#list.children] as HTMLElement[];
    const older = rows.find(({ dataset }) => Number(dataset['capturedAt']) <= alert.captured_at);
    this.#list.insertBefore(row, older ?? null);
    while (this.#list.childElementCount > mostAlerts) this.#drop(this.#list.lastElementChild);
    this.#tell();
    return true;
  }

  #drop(row: Element | null): void {
    if (!(row instanceof HTMLElement)) return;
    this.#images.forget(row);
    this.#known.delete(row.dataset['alert'] ?? '');
    row.remove();
  }

  #tell(): void {
    const { childElementCount } = this.#list;
    setText(this.#count, childElementCount === 0 ? '' : String(childElementCount));
  }
}
