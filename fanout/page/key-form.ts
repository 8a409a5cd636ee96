import { find, setText } from './element.js';

/** Asks for the API key. Hidden while there is a good one; the button in the bar shows it. */
export class KeyForm {
  readonly #form = find(document, '#key-form', HTMLFormElement);
  readonly #input = find(this.#form, 'input', HTMLInputElement);
  readonly #why = find(this.#form, '.why', HTMLElement);
  readonly #toggle = find(document, '#key', HTMLButtonElement);

  /** `entered` gets the key that was typed. */
  constructor(entered: (key: string) => void) {
    this.#toggle.addEventListener('click', () => {
      if (this.#form.hidden) this.ask('Enter another API key. It is kept in this browser.');
      else this.hide();
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const key = this.#input.value.trim();
      if (key !== '') entered(key);
    });
  }

  ask(why: string): void {
    setText(this.#why, why);
    if (!this.#form.hidden) return;
    this.#show(true);
    this.#input.focus();
  }

  hide(): void {
    this.#input.value = '';
    this.#show(false);
  }

  #show(shown: boolean): void {
    this.#form.hidden = !shown;
    this.#toggle.ariaExpanded = String(shown);
  }
}
