import type { SessionStatus } from '@framebus/contract';
import type { Session } from './answers.js';
import { copyOf, find, setText } from './element.js';
import type { Filter } from './filter.js';
import { t, tCount } from './language.js';
import type { StatusMessage, StreamInfo, StreamMessage } from './messages.js';
import { nameOf } from './names.js';
import { Picture } from './picture.js';
import { reasonWords } from './reasons.js';
import { Sight } from './sight.js';
import { StreamSocket, type Wanted } from './socket.js';
import { TileActions, type TileOwner } from './tile-actions.js';
import { ageWords, seenWords, statusWords } from './words.js';

/** One camera on the wall: its picture, how it is, and what can be done with it. */
export class Tile {
  readonly element = copyOf('tile');
  readonly picture: Picture;
  readonly #stage = find(this.element, '.stage', HTMLButtonElement);
  readonly #owner: TileOwner;
  readonly #filter: Filter;
  readonly #socket: StreamSocket;
  readonly #sight: Sight;
  readonly #actions: TileActions;
  #session: Session;
  #status: SessionStatus;
  #seen: boolean | null = null;
  #said: (() => string) | null = null;
  /** What the server said of the stream; null until it did. */
  info: StreamInfo | null = null;

  constructor(session: Session, key: string, filter: Filter, owner: TileOwner) {
    this.#session = session;
    this.#status = session.status;
    this.#owner = owner;
    this.#filter = filter;
    this.picture = new Picture(session.session_id, filter);
    this.#actions = new TileActions(this.element, session.session_id, owner);
    this.#socket = new StreamSocket(session.session_id, key, (message) => this.#receive(message));
    this.element.dataset['session'] = session.session_id;
    this.#stage.addEventListener('click', () => owner.open(this));
    this.takeBack();
    this.#sight = new Sight(this.picture.element, (seen) => {
      this.#seen = seen;
      this.#connect();
    });
  }

  get session(): Session {
    return this.#session;
  }

  get status(): SessionStatus {
    return this.#status;
  }

  /** Puts the picture back where it belongs, after it was shown large. */
  takeBack(): void {
    this.#stage.append(this.picture.element);
  }

  focus(): void {
    this.#stage.focus();
  }

  /** Takes what the control API says of the session. */
  update(session: Session): void {
    this.#session = session;
    this.#become(session.status);
  }

  /** Writes how things are now; to be called several times a second. */
  refresh(): void {
    this.#connect();
    const { shown } = this.picture;
    const live = this.#status === 'running' && this.#socket.state === 'open';
    const detections = this.#filter.apply(shown?.detections ?? []);
    this.element.dataset['state'] = live || this.#status !== 'running' ? this.#status : 'pending';
    const id = nameOf(this.#session);
    this.#write('.name', id);
    setLabel(this.element, t('camera', { id }));
    this.#write('.state', live ? t('status.running') : this.#stateWords());
    this.#write('.fps', t('tile.fps', { n: this.picture.rate.perSecond().toFixed(1) }));
    const ageMs = shown === null ? null : Date.now() - shown.captured_at;
    this.#write('.age', ageMs === null || this.#status === 'stopped' ? '–' : ageWords(ageMs));
    this.#write('.count', tCount('objects', detections.length));
    this.#write('.said', this.#said?.() ?? '');
    this.#actions.refresh(this.#status, id);

    const overlay = live && shown !== null ? '' : this.overlayWords();
    setText(find(this.picture.element, '.overlay', HTMLElement), overlay);
    setLabel(this.#stage, [t('tile.open', { id }), overlay].filter(Boolean).join(' – '));
    const seen = shown === null ? t('tile.noPicture') : seenWords(detections);
    this.picture.describe(`${id}: ${seen}`);
  }

  /** What stands over the picture when it is not live. */
  overlayWords(): string {
    if (this.#status !== 'running') return statusWords(this.#status);
    return this.#socket.state === 'open' ? t('tile.waiting') : this.#stateWords();
  }

  /** Shows a sentence under the picture, in the language that the page then has; null: none. */
  say(words: (() => string) | null): void {
    this.#said = words;
  }

  dispose(): void {
    this.#sight.dispose();
    this.#socket.dispose();
    this.picture.dispose();
    this.element.remove();
  }

  #receive(message: StreamMessage): void {
    switch (message.type) {
      case 'frame_result':
        this.#owner.detected(message.detections);
        if (this.#seen === true && !document.hidden) this.picture.push(message);
        break;
      case 'stream_info':
        this.info = message.info;
        break;
      case 'status':
        this.#become(message.status);
        this.say(isTold(message.status) ? () => statusReason(message) : null);
        break;
      case 'alert':
        this.#owner.alerted(message);
        break;
      case 'error':
        this.say(() => reasonWords(message));
        break;
    }
  }

  #become(status: SessionStatus): void {
    if (status === 'running' && this.#status !== 'running') this.say(null);
    this.#status = status;
    this.#connect();
  }

  /** A stopped camera needs no connection; one out of sight needs no pictures, only its alerts. */
  #connect(): void {
    if (this.#status === 'stopped') this.#socket.close();
    else if (this.#seen !== null) this.#socket.open(this.#wanted());
  }

  #wanted(): Wanted | null {
    const width = this.picture.neededWidth;
    return this.#seen === true && width !== null ? { width } : null;
  }

  #stateWords(): string {
    if (this.#status !== 'running') return statusWords(this.#status);
    const { state, retryAt, reason } = this.#socket;
    if (state !== 'waiting') return t('link.connecting');
    const s = Math.max(Math.ceil((retryAt - Date.now()) / 1000), 1);
    return reason === '' ? t('tile.lost', { s }) : t('tile.lostBecause', { reason, s });
  }

  #write(selector: string, words: string): void {
    setText(find(this.element, selector, HTMLElement), words);
  }
}

/** Others say all by their name. */
function isTold(status: SessionStatus): boolean {
  return status !== 'running' && status !== 'stopped';
}

function statusReason({ retry_s: s, ...told }: StatusMessage): string {
  const why = reasonWords(told, '');
  if (why === '') return told.message;
  return s === undefined ? why : t('tile.again', { why, s });
}

function setLabel(element: HTMLElement, words: string): void {
  if (element.ariaLabel !== words) element.ariaLabel = words;
}
