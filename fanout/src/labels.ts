import { createRequire } from 'node:module';
import sharp from 'sharp';

/** Coverage of each pixel by the text, 0 to 255, rows from the top. */
export interface Label {
  readonly width: number;
  readonly height: number;
  readonly coverage: Uint8Array;
}

const fontfile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const maxCharacters = 48;
const maxLabels = 1024;

/** Rendered texts, at most 1024; the least recently used is dropped. */
export class Labels {
  readonly #labels = new Map<string, Promise<Label>>();

  get size(): number {
    return this.#labels.size;
  }

  /** @throws Error when the text cannot be rendered */
  render(text: string): Promise<Label> {
    const known = this.#labels.get(text);
    if (known) this.#labels.delete(text);
    const label = known ?? renderLabel(text);
    this.#labels.set(text, label);
    label.catch(() => this.#labels.delete(text));
    const [oldest] = this.#labels.keys();
    if (this.#labels.size > maxLabels && oldest !== undefined) this.#labels.delete(oldest);
    return label;
  }
}

async function renderLabel(text: string): Promise<Label> {
  const shown = Array.from(text.replace(/[\p{C}\s]+/gu, ' '))
    .slice(-maxCharacters)
    .join('');
  // The text is Pango markup.
  const markup = shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const { data, info } = await sharp({
    text: { text: markup, font: 'DejaVu Sans 12', fontfile, dpi: 72 },
  })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, coverage: data };
}
