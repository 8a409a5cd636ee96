import type { Session, StartRequest } from './api.js';
import { find, setText } from './element.js';

/** The form that adds a camera. */
export class CameraForm {
  readonly #form = find(document, '#add form', HTMLFormElement);
  readonly #said = find(this.#form, 'output', HTMLOutputElement);
  readonly #add: (request: StartRequest) => Promise<string>;

  /** `add` starts the camera and gives the answer in words, or throws an error with the reason. */
  constructor(add: (request: StartRequest) => Promise<string>) {
    this.#add = add;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  /** Fills in a session whose address must be typed again, for its password was never shown. */
  ask(session: Session, why: string): void {
    find(document, '#add', HTMLDetailsElement).open = true;
    this.#input('stream_url').value = session.stream_url;
    this.#input('session_id').value = session.session_id;
    this.#say(why, true);
    this.#input('stream_url').focus();
  }

  async #submit(): Promise<void> {
    const button = find(this.#form, 'button', HTMLButtonElement);
    button.disabled = true;
    this.#say('Starting…', false);
    try {
      this.#say(await this.#add(this.#request()), false);
      this.#input('stream_url').value = '';
      this.#input('session_id').value = '';
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error), true);
    } finally {
      button.disabled = false;
    }
  }

  /** Empty fields are left out: the server has the defaults. */
  #request(): StartRequest {
    const sessionId = this.#input('session_id').value.trim();
    const fps = this.#input('fps').valueAsNumber;
    const maxWidth = this.#input('max_width').valueAsNumber;
    return {
      stream_url: this.#input('stream_url').value.trim(),
      ...(sessionId === '' ? {} : { session_id: sessionId }),
      ...(Number.isNaN(fps) ? {} : { fps }),
      ...(Number.isNaN(maxWidth) ? {} : { max_width: maxWidth }),
    };
  }

  #input(name: string): HTMLInputElement {
    return find(this.#form, `[name="${name}"]`, HTMLInputElement);
  }

  #say(words: string, wrong: boolean): void {
    setText(this.#said, words);
    this.#said.classList.toggle('wrong', wrong);
  }
}
