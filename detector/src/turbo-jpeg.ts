import type { LibraryHandle } from 'koffi';
import type { Size } from './export-style.js';

const names = ['libturbojpeg.so.0', 'libturbojpeg.dylib'];
/** TJPF_RGB: three bytes a pixel, no padding. */
const rgbFormat = 0;

/** One use of libjpeg-turbo at a time: its handle keeps state. */
interface Decoder {
  readonly handle: unknown;
  /** Grows to the largest picture so far. */
  rgb: Buffer;
}

/** RGB bytes of a picture, three a pixel. They are good until `release` is called. */
export interface DecodedPicture extends Size {
  readonly rgb: Uint8Array;
  release(): void;
}

/**
 * The system's libjpeg-turbo, by its TurboJPEG interface, in the part that its versions 1.3 to 3 share: exact DCT,
 * smooth chroma, and pictures decoded at half, a quarter or an eighth of their size. What it writes stays within the size
 * that it is asked for, whatever the file says. Source: https://libjpeg-turbo.org/Documentation/Documentation
 */
export class TurboJpeg {
  readonly #open: () => unknown;
  readonly #header: Functions['header'];
  readonly #decompress: Functions['decompress'];
  readonly #idle: Decoder[] = [];

  private constructor({ open, header, decompress }: Functions) {
    this.#open = open;
    this.#header = header;
    this.#decompress = decompress;
  }

  /** undefined where the library, or the part of koffi for this system, is missing. */
  static async load(): Promise<TurboJpeg | undefined> {
    const koffi = await import('koffi').catch(() => undefined);
    if (koffi === undefined) return undefined;
    for (const name of names) {
      try {
        return new TurboJpeg(bind(koffi.load(name)));
      } catch {
        // The next name.
      }
    }
    return undefined;
  }

  /**
   * The picture at the least of its sizes that is no smaller than `least` on either side, but for one that is smaller
   * itself. undefined for whatever libjpeg-turbo does not take without complaint, and for more than `maxPixels`.
   * @param aside in another thread, where this one has something to do meanwhile
   */
  async decode(
    jpeg: Uint8Array,
    least: Size,
    maxPixels: number,
    aside: boolean,
  ): Promise<DecodedPicture | undefined> {
    const decoder = this.#idle.pop() ?? { handle: this.#open(), rgb: Buffer.alloc(0) };
    const release = () => void this.#idle.push(decoder);
    const size = this.#sizeOf(decoder, jpeg);
    if (size === undefined || size.width * size.height > maxPixels) return void release();
    const { width, height } = shrunk(size, least);
    const bytes = 3 * width * height;
    if (decoder.rgb.length < bytes) decoder.rgb = Buffer.allocUnsafeSlow(bytes);
    const { handle, rgb } = decoder;
    const from = [handle, jpeg, jpeg.length] as const;
    const to = [rgb, width, 3 * width, height, rgbFormat, 0] as const;
    const failed = aside
      ? await new Promise<number>((resolve, reject) => {
          this.#decompress.async(...from, ...to, (error, result) =>
            error ? reject(error) : resolve(result),
          );
        })
      : this.#decompress(...from, ...to);
    if (failed !== 0) return void release();
    return { width, height, rgb: rgb.subarray(0, bytes), release };
  }

  #sizeOf({ handle }: Decoder, jpeg: Uint8Array): Size | undefined {
    const [width, height]: [number[], number[]] = [[0], [0]];
    const failed = this.#header(handle, jpeg, jpeg.length, width, height, [0], [0]);
    return failed === 0 ? { width: width[0] as number, height: height[0] as number } : undefined;
  }
}

/** libjpeg-turbo rounds up. */
export function shrunk({ width, height }: Size, least: Size): Size {
  for (const by of [8, 4, 2]) {
    const size = { width: Math.ceil(width / by), height: Math.ceil(height / by) };
    if (size.width >= least.width && size.height >= least.height) return size;
  }
  return { width, height };
}

type Bytes = Uint8Array;
type Decompress = (
  ...args: readonly [unknown, Bytes, number, Bytes, number, number, number, number, number]
) => number;

interface Functions {
  readonly open: () => unknown;
  readonly header: (
    ...args: readonly [unknown, Bytes, number, number[], number[], number[], number[]]
  ) => number;
  readonly decompress: Decompress & {
    async(...args: [...Parameters<Decompress>, (error: unknown, result: number) => void]): void;
  };
}

function bind(library: LibraryHandle): Functions {
  const jpeg = 'const uint8_t *jpeg, unsigned long bytes';
  const out = (name: string) => `_Out_ int *${name}`;
  return {
    open: library.func('void *tjInitDecompress()'),
    header: library.func(
      `int tjDecompressHeader3(void *handle, ${jpeg}, ${['width', 'height', 'chroma', 'colours'].map(out).join(', ')})`,
    ),
    decompress: library.func(
      `int tjDecompress2(void *handle, ${jpeg}, uint8_t *rgb, int width, int pitch, int height, int format, int flags)`,
    ) as Functions['decompress'],
  };
}
