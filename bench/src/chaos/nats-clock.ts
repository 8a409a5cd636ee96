import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsServerOptions } from '@framebus/test';
import { sleep } from '../statistics.js';
import type { Fault } from './fault.js';

/** The wall clock of a nats-server that bench/nats-clock/build.sh built. */
export class NatsClock implements AsyncDisposable {
  /** With which the server is started. */
  readonly options: NatsServerOptions;
  readonly #folder: string;
  readonly #file: string;

  private constructor(program: string, folder: string, file: string) {
    this.options = { program, env: { CHAOS_CLOCK: file } };
    this.#folder = folder;
    this.#file = file;
  }

  static async create(program: string): Promise<NatsClock> {
    const folder = await mkdtemp(join(tmpdir(), 'framebus-chaos-clock-'));
    const file = join(folder, 'nats-server');
    await writeFile(file, seconds(0));
    return new NatsClock(program, folder, file);
  }

  get faults(): readonly Fault[] {
    return [
      this.#fault('clock of nats-server a minute ahead', 60),
      this.#fault('clock of nats-server a minute behind', -60),
    ];
  }

  #fault(name: string, ahead: number): Fault {
    const run = async () => {
      await this.#step(ahead);
      await sleep(4_000);
      await this.#step(0);
    };
    return { name, part: 'clock', run };
  }

  /** In place, for the server has the file mapped. @param ahead seconds ahead of the machine's */
  async #step(ahead: number): Promise<void> {
    await using file = await open(this.#file, 'r+');
    await file.write(seconds(ahead), 0, 8, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

/** As bench/nats-clock/step.go reads them. */
function seconds(ahead: number): Buffer {
  return Buffer.from(BigInt64Array.of(BigInt(ahead)).buffer);
}
