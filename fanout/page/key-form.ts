import { find, setText } from './element.js';
import { t } from './language.js';

/** The dialog that asks for the API key. It can be left only while there is a good one. */
export class KeyForm {
  readonly #dialog = find(document, '#key-dialog', HTMLDialogElement);
  readonly #input = find(this.#dialog, 'input', HTMLInputElement);
  readonly #cancel = find(this.#dialog, '.cancel', HTMLButtonElement);
  #wanted = false;

  /** `entered` gets the key that was typed. */
  constructor(entered: (key: string) => void) {
    const open = find(document, '#key', HTMLButtonElement);
    open.addEventListener('click', () => this.ask(t('key.other'), true));
    this.#cancel.addEventListener('click', () => this.hide());
    // Escape closes it in a browser that does not know closedby.
    this.#dialog.addEventListener('close', () => {
      if (this.#wanted) this.#dialog.showModal();
    });
    find(this.#dialog, 'form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const key = this.#input.value.trim();
      if (key !== '') entered(key);
    });
  }

  /** `optional`: there is a good key already. */
  ask(why: string, optional = false): void {
    setText(find(this.#dialog, '.why', HTMLElement), why);
    this.#cancel.hidden = !optional;
    this.#wanted = !optional;
    this.#dialog.setAttribute('closedby', optional ? 'closerequest' : 'none');
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.select();
  }

  hide(): void {
    this.#input.value = '';
    this.#wanted = false;
    this.#dialog.close();
  }
}
