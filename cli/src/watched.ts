import { ageWords, byClass, timeWords, two } from './frame-words.js';
import type { AlertMessage, FrameResult, StreamMessage } from './messages.js';
import { table } from './text.js';

const alertsShown = 3;
/** Over so many ms the frame rate is told. */
const rateOverMs = 5_000;

/** What is known of a session that is watched, as lines for a person. Times are in ms since the epoch. */
export class Watched {
  readonly #sessionId: string;
  readonly #frameTimes: number[] = [];
  readonly #alerts: AlertMessage[] = [];
  #status = 'connecting';
  #words = '';
  #lost = '';
  #size = '';
  #result: FrameResult | undefined;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  add(message: StreamMessage, now: number): void {
    this.#lost = '';
    switch (message.type) {
      case 'stream_info':
        this.#size = `${message.info.width}x${message.info.height}`;
        break;
      case 'status':
        this.#status = message.status;
        this.#words = message.message;
        break;
      case 'error':
        this.#words = message.message;
        break;
      case 'alert':
        this.#alerts.push(message);
        if (this.#alerts.length > alertsShown) this.#alerts.shift();
        break;
      case 'frame_result':
        this.#result = message;
        this.#frameTimes.push(now);
        this.#forget(now);
        break;
    }
  }

  /** The connection is lost; `words` tell why and what next. */
  lost(words: string): void {
    this.#lost = words;
    this.#frameTimes.length = 0;
  }

  lines(now: number): string[] {
    this.#forget(now);
    const head = [
      this.#sessionId,
      this.#status,
      this.#size,
      `${this.#rate().toFixed(1)} fps`,
    ].filter((word) => word !== '');
    return [
      head.join('  '),
      this.#lost || (this.#status === 'running' ? '' : this.#words),
      ...(this.#result ? frameLines(this.#result, now) : ['no frame yet']),
      ...(this.#alerts.length > 0 ? ['', ...this.#alerts.map(alertLine).toReversed()] : []),
    ];
  }

  #rate(): number {
    const [first = 0] = this.#frameTimes;
    const elapsedMs = (this.#frameTimes.at(-1) ?? 0) - first;
    return elapsedMs > 0 ? ((this.#frameTimes.length - 1) * 1_000) / elapsedMs : 0;
  }

  #forget(now: number): void {
    while ((this.#frameTimes[0] ?? now) < now - rateOverMs) this.#frameTimes.shift();
  }
}

function frameLines(result: FrameResult, now: number): string[] {
  const { frame_index, captured_at, inference_ms, detector, detections } = result;
  const rows = byClass(detections).map(({ className, confidences }) => [
    ...[className, `${confidences.length}`, confidences.map(two).join(' ')],
  ]);
  const by = inference_ms === undefined ? '' : `  inference ${inference_ms.toFixed(0)} ms`;
  return [
    `frame ${frame_index}  ${ageWords(now - captured_at)} old${by}${detector ? `  by ${detector}` : ''}`,
    '',
    ...table([['CLASS', 'COUNT', 'CONFIDENCE'], ...rows]),
  ];
}

/** `2026-01-31 12:00:00.000  alert  front-door  person 0.93` */
export function alertLine({ session_id, timestamp, data }: AlertMessage): string {
  const what = `${data.class_name} ${two(data.confidence)}`;
  return `${timeWords(timestamp * 1_000)}  alert  ${session_id}  ${what}`;
}
