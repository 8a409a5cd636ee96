import type { OutputStream } from './output.js';
import { clean } from './text.js';

const noWrap = '\u001b[?7l';
const wrap = '\u001b[?7h';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseLine = '\u001b[K';
const eraseBelow = '\u001b[J';

/** Lines that are drawn over those before, on a terminal. What does not fit is left out. Disposal leaves them there. */
export class Screen implements Disposable {
  readonly #terminal: OutputStream;
  #drawn = 0;

  constructor(terminal: OutputStream) {
    this.#terminal = terminal;
    terminal.write(noWrap + hideCursor);
  }

  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, (this.#terminal.rows || 24) - 1));
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : '';
    const body = shown.map((line) => `${clean(line)}${eraseLine}\n`).join('');
    this.#terminal.write(`${up}\r${body}${eraseBelow}`);
    this.#drawn = shown.length;
  }

  [Symbol.dispose](): void {
    this.#terminal.write(wrap + showCursor);
  }
}
