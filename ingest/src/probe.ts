import type { ReasonDetails, SessionSpec } from '@framebus/contract';
import { CameraError } from './camera-error.js';
import { type Picture, type ReaderOptions, readCamera } from './camera-reader.js';
import { TooManyProbesError } from './errors.js';

/** What a camera gave, or why it gave nothing. */
export type ProbeAnswer =
  | {
      readonly ok: true;
      /** As ffmpeg names it, such as `h264`; null where ffmpeg alone spoke with the camera. */
      readonly codec: string | null;
      /** Pixels, at most 3840 wide. */
      readonly width: number;
      readonly height: number;
      /** From the call to the first picture. */
      readonly took_ms: number;
      /** JPEG in base64; null when it has more than 512 KiB. */
      readonly picture: string | null;
    }
  | {
      readonly ok: false;
      /** Such as CAMERA_REFUSED. */
      readonly code: string;
      /** For people, without credentials. */
      readonly reason: string;
      /** What the reason is about (see Reason). */
      readonly details: ReasonDetails;
    };

const mostAtOnce = 4;
const longestMs = 12_000;
const maxPictureBytes = 512 * 1024;

/** Tries cameras without starting a session: the first picture, then it lets go. At most four at once. */
export class Probes {
  readonly #reader: ReaderOptions;
  readonly #stop: AbortSignal;
  #running = 0;

  /** @param stop ends every probe */
  constructor(reader: ReaderOptions, stop: AbortSignal) {
    this.#reader = reader;
    this.#stop = stop;
  }

  /** @throws TooManyProbesError */
  async probe(streamUrl: string): Promise<ProbeAnswer> {
    if (this.#running >= mostAtOnce) throw new TooManyProbesError(mostAtOnce);
    this.#running += 1;
    try {
      return await this.#probe(streamUrl);
    } finally {
      this.#running -= 1;
    }
  }

  async #probe(streamUrl: string): Promise<ProbeAnswer> {
    const began = performance.now();
    const found = new AbortController();
    const late = AbortSignal.timeout(longestMs);
    let codec: string | null = null;
    let first: Picture | undefined;
    const onCodec = (name: string) => {
      codec = name;
    };
    try {
      const signal = AbortSignal.any([found.signal, late, this.#stop]);
      await readCamera(specOf(streamUrl), { ...this.#reader, onCodec }, signal, (picture) => {
        first ??= picture;
        found.abort();
      });
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      return { ok: false, code: error.code, reason: error.message, details: error.details };
    }
    if (first === undefined) {
      const seconds = longestMs / 1000;
      const reason = `no picture within ${seconds} s`;
      return { ok: false, code: 'CAMERA_TIMEOUT', reason, details: { seconds } };
    }
    const { jpeg, width, height } = first;
    const picture = jpeg.length > maxPictureBytes ? null : jpeg.toString('base64');
    const took_ms = Math.round(performance.now() - began);
    return { ok: true, codec, width, height, took_ms, picture };
  }
}

/** As large as the camera gives it. */
function specOf(stream_url: string): SessionSpec {
  return {
    stream_url,
    enable_drawing: false,
    fps: 5,
    max_width: 3_840,
    jpeg_quality: 60,
    confidence_threshold: 1,
    classes: [],
  };
}
