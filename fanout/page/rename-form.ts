import { find, setText } from './element.js';
import { t } from './language.js';
import { nameOf } from './names.js';
import type { Tile } from './tile.js';
import { errorWords } from './words.js';

/** The field for the name of the camera in large. An empty one takes the name away: then it is called by its id. */
export class RenameForm {
  readonly #form: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #said: HTMLOutputElement;
  #tile: Tile | null = null;

  /** `rename` is given null for no name. @throws Error with the reason */
  constructor(dialog: HTMLElement, rename: (id: string, name: string | null) => Promise<void>) {
    this.#form = find(dialog, '.rename', HTMLFormElement);
    this.#input = find(this.#form, 'input', HTMLInputElement);
    this.#said = find(this.#form, 'output', HTMLOutputElement);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const id = this.#tile?.session.session_id;
      if (id !== undefined) void this.#rename(id, rename);
    });
  }

  show(tile: Tile | null): void {
    this.#tile = tile;
    setText(this.#said, '');
    if (tile === null) return;
    this.#input.value = nameOf(tile.session);
    this.#input.placeholder = tile.session.session_id;
  }

  async #rename(
    id: string,
    rename: (id: string, name: string | null) => Promise<void>,
  ): Promise<void> {
    const name = this.#input.value.trim();
    try {
      await rename(id, name === '' || name === id ? null : name);
      if (this.#tile?.session.session_id === id) setText(this.#said, t('rename.done'));
    } catch (error) {
      if (this.#tile?.session.session_id === id) setText(this.#said, errorWords(error));
    }
  }
}
