import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FetchBusyError, leftovers, moved, partOf } from './claim.js';
import type { Origin } from './origin.js';
import { storing } from './storage.js';

/** Parts of this process. */
const claimed = new Set<string>();

/**
 * The bytes of a model so far and where they are from, in a folder beside the model's own:
 * `NAME.part.PID` while the process PID fills it, else `NAME.part`. Renaming the folder is what
 * claims it, so that two processes never fill the same one, and what makes a whole model of it,
 * so that none is ever seen half. Disposal leaves it to the next fetch.
 */
export class Part implements AsyncDisposable {
  readonly #folder: string;
  readonly #claim: string;
  readonly #file: FileHandle;
  #open = true;
  #origin: Origin | undefined;
  #length: number;

  private constructor(folder: string, file: FileHandle, length: number, origin?: Origin) {
    this.#folder = folder;
    this.#claim = partOf(folder, process.pid);
    this.#file = file;
    this.#length = length;
    this.#origin = origin;
  }

  /** Takes over what an earlier fetch left, or begins. @throws FetchBusyError, StorageError */
  static async claim(folder: string): Promise<Part> {
    const claim = partOf(folder, process.pid);
    if (claimed.has(claim)) throw new FetchBusyError(folder, process.pid);
    claimed.add(claim);
    try {
      return await storing(dirname(folder), async () => {
        await mkdir(dirname(folder), { recursive: true });
        for (const left of await leftovers(folder)) {
          if (left === claim || (await moved(left, claim))) break;
        }
        await mkdir(claim, { recursive: true });
        const file = await open(join(claim, 'model.onnx'), 'a');
        return new Part(folder, file, (await file.stat()).size, await readOrigin(claim));
      });
    } catch (error) {
      claimed.delete(claim);
      throw error;
    }
  }

  /** The file so far. */
  get path(): string {
    return join(this.#claim, 'model.onnx');
  }

  /** Folder that the part lies in. */
  get parent(): string {
    return dirname(this.#folder);
  }

  get length(): number {
    return this.#length;
  }

  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** Notes where the bytes are from. */
  async record(origin: Origin): Promise<void> {
    this.#origin = origin;
    await this.#storing(async () => {
      const file = await open(join(this.#claim, 'source.json'), 'w');
      await file.writeFile(`${JSON.stringify(origin, null, 2)}\n`);
      await file.sync();
      await file.close();
    });
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#storing(() => this.#file.appendFile(bytes));
    this.#length += bytes.length;
  }

  /** Forgets the bytes. */
  async clear(): Promise<void> {
    await this.#storing(() => this.#file.truncate(0));
    this.#length = 0;
    this.#origin = undefined;
  }

  /** Has the bytes on the disk itself. */
  async sync(): Promise<void> {
    await this.#storing(() => this.#file.sync());
  }

  /** Makes it the model, in place of one that is there. */
  async finish(): Promise<void> {
    await this.#close();
    await this.#storing(async () => {
      await syncFolder(this.#claim);
      await rm(this.#folder, { recursive: true, force: true });
      await rename(this.#claim, this.#folder);
      await syncFolder(this.parent);
    });
  }

  /** Deletes it. */
  async remove(): Promise<void> {
    await this.#close();
    await rm(this.#claim, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const empty = this.#length === 0;
    await this.#close();
    if (empty || !(await moved(this.#claim, `${this.#folder}.part`))) await this.remove();
    claimed.delete(this.#claim);
  }

  async #close(): Promise<void> {
    if (this.#open) await this.#file.close();
    this.#open = false;
  }

  #storing<T>(work: () => Promise<T>): Promise<T> {
    return storing(this.parent, work);
  }
}

/** What was noted of a folder's model; undefined when nothing can be read. */
export async function readOrigin(folder: string): Promise<Origin | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'source.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  await folder.sync();
  await folder.close();
}
