import type { ProbeAnswer, Session, StartRequest } from './answers.js';
import { closable } from './dialog.js';
import { find, setText } from './element.js';
import { t } from './language.js';
import { reasonWords } from './reasons.js';
import { errorWords } from './words.js';

export interface CameraFormCalls {
  /** Tries the camera. */
  test(streamUrl: string): Promise<ProbeAnswer>;
  /** Starts it and gives its session's id. Both throw an error with the reason. */
  add(request: StartRequest): Promise<string>;
}

/** The dialog that tries and adds a camera. */
export class CameraForm {
  readonly #dialog = closable('#add');
  readonly #form = find(this.#dialog, 'form', HTMLFormElement);
  readonly #said = find(this.#form, 'output', HTMLOutputElement);
  readonly #picture = find(this.#form, 'img', HTMLImageElement);
  readonly #calls: CameraFormCalls;

  constructor(calls: CameraFormCalls) {
    this.#calls = calls;
    find(document, '#add-open', HTMLButtonElement).addEventListener('click', () => this.open());
    find(document, '#empty .add', HTMLButtonElement).addEventListener('click', () => this.open());
    find(this.#form, '.test', HTMLButtonElement).addEventListener('click', () => {
      if (this.#input('stream_url').reportValidity())
        void this.#busy('add.testing', () => this.#test());
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#busy('add.starting', () => this.#add());
    });
    this.#dialog.addEventListener('close', () => {
      this.#input('password').value = '';
      this.#show(null);
    });
  }

  open(): void {
    this.#say('', false);
    this.#dialog.showModal();
  }

  /** Fills in a session whose address must be typed again, for its password was never shown. */
  ask(session: Session, why: string): void {
    this.open();
    this.#input('stream_url').value = session.stream_url.replace(/\/\/[^/?#]*@/, '//');
    this.#input('session_id').value = session.session_id;
    this.#say(why, true);
    this.#input('password').focus();
  }

  /** What goes wrong is said in the form. */
  async #busy(key: 'add.testing' | 'add.starting', work: () => Promise<void>): Promise<void> {
    const buttons = this.#form.querySelectorAll<HTMLButtonElement>('.buttons button');
    for (const button of buttons) button.disabled = true;
    this.#show(null);
    this.#say(t(key), false);
    try {
      await work();
    } catch (error) {
      this.#say(errorWords(error), true);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  async #test(): Promise<void> {
    const answer = await this.#calls.test(this.#address());
    if (!answer.ok) {
      return this.#say(reasonWords({ ...answer, message: answer.reason }), true);
    }
    const { width, height, codec, took_ms, picture } = answer;
    const s = (took_ms / 1000).toFixed(1);
    this.#say(t('add.works', { width, height, codec: codec ?? t('add.codecUnknown'), s }), false);
    this.#show(picture);
  }

  async #add(): Promise<void> {
    await this.#calls.add(this.#request());
    this.#form.reset();
    this.#dialog.close();
  }

  /** Empty fields are left out: the server has the defaults. */
  #request(): StartRequest {
    const sessionId = this.#input('session_id').value.trim();
    const classes = this.#input('classes')
      .value.split(',')
      .map((name) => name.trim());
    const named = classes.filter((name) => name !== '');
    const numbers = (['fps', 'max_width', 'confidence_threshold'] as const).flatMap((name) => {
      const value = this.#input(name).valueAsNumber;
      return Number.isNaN(value) ? [] : [[name, value] as const];
    });
    return {
      stream_url: this.#address(),
      ...(sessionId === '' ? {} : { session_id: sessionId }),
      ...Object.fromEntries(numbers),
      ...(named.length === 0 ? {} : { classes: named }),
    };
  }

  /** The address with the user and password that were typed beside it. */
  #address(): string {
    const address = this.#input('stream_url').value.trim();
    const [user, password] = [this.#input('user').value, this.#input('password').value];
    if (user === '' && password === '') return address;
    const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
    return address.replace(
      /^(rtsps?:\/\/)(?:[^/?#]*@)?/i,
      (_whole, scheme: string) => scheme + login,
    );
  }

  #input(name: string): HTMLInputElement {
    return find(this.#form, `[name="${name}"]`, HTMLInputElement);
  }

  #say(words: string, wrong: boolean): void {
    setText(this.#said, words);
    this.#said.classList.toggle('wrong', wrong);
  }

  /** @param picture JPEG in base64 */
  #show(picture: string | null): void {
    this.#picture.hidden = picture === null;
    this.#picture.alt = t('add.picture');
    if (picture === null) this.#picture.removeAttribute('src');
    else this.#picture.src = `data:image/jpeg;base64,${picture}`;
  }
}
