import { formatBytes } from './size.js';

/** Where progress is shown, such as `process.stderr`. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;
const redrawMs = 100;
const linesMs = 10_000;

/** How far a download is: a bar that is redrawn on a terminal, else a line per tenth or 10 s. */
export class Progress {
  readonly #screen: Screen;
  #tenth = -1;
  #shownAt = Number.NEGATIVE_INFINITY;
  #drawn = false;
  #from: { readonly bytes: number; readonly at: number } | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** @param total undefined when the host does not tell */
  show(bytes: number, total: number | undefined): void {
    const now = performance.now();
    this.#from ??= { bytes, at: now };
    const tenth = total ? Math.floor((bytes / total) * 10) : 0;
    const whole = bytes === total;
    const due = now - this.#shownAt >= (this.#screen.isTTY ? redrawMs : linesMs);
    if (!due && !whole && (this.#screen.isTTY || tenth === this.#tenth)) return;
    this.#tenth = tenth;
    this.#shownAt = now;
    const seconds = (now - this.#from.at) / 1_000;
    const speed = seconds > 0 ? (bytes - this.#from.bytes) / seconds : 0;
    const words = `${counted(bytes, total)}  ${formatBytes(Math.round(speed))}/s`;
    if (!this.#screen.isTTY) {
      this.#screen.write(`${words}\n`);
      return;
    }
    const line = `${total ? bar(bytes / total) : ''}${words}`;
    this.#screen.write(`\r${line.slice(0, (this.#screen.columns || 80) - 1)}\u001b[K`);
    this.#drawn = true;
  }

  /** Leaves the line, so that other words can follow. */
  end(): void {
    if (this.#drawn) this.#screen.write('\n');
    this.#drawn = false;
    this.#from = undefined;
  }
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * barWidth);
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] `;
}

function counted(bytes: number, total: number | undefined): string {
  if (!total) return formatBytes(bytes);
  const percent = `${Math.floor((bytes / total) * 100)}`.padStart(3);
  return `${percent} %  ${formatBytes(bytes)} of ${formatBytes(total)}`;
}
