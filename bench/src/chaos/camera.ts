import { type Child, publishTestPicture } from '@framebus/test';

export const cameraFps = 10;
/** As long as a camera takes to notice that its server is there again. */
const againMs = 300;

/** A camera that a fault can take away: ffmpeg, publishing a test picture, started again when its server ends it. */
export class Camera {
  readonly #url: string;
  #size = '320x180';
  #child: Child | undefined;
  #again: NodeJS.Timeout | undefined;
  #wanted = false;
  #starting: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get size(): string {
    return this.#size;
  }

  async up(size = this.#size): Promise<void> {
    this.#wanted = true;
    this.#size = size;
    this.#starting = this.#start();
    await this.#starting;
  }

  async #start(): Promise<void> {
    const child = await publishTestPicture(this.#url, cameraFps, this.#size);
    this.#child = child;
    child.process.once('exit', () => {
      if (this.#wanted) this.#again = setTimeout(() => void this.up(), againMs);
    });
  }

  async down(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#again);
    await this.#starting;
    await this.#child?.stop('SIGKILL');
  }

  /** Stands still, its connection open. */
  freeze(): void {
    this.#child?.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.process.kill('SIGCONT');
  }
}
