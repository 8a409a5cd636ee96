import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Model } from '@framebus/models';
import { type FetchOptions, fetchModel } from '../src/fetch/fetch.js';
import { ModelHost } from '../src/fetch/host.js';
import { Progress } from '../src/fetch/progress.js';
import { proxiesOf } from '../src/fetch/proxies.js';
import type { Hub } from './hub.js';

/** A model that a hub has, fetched into a folder of the test. */
export function someModel(folder: string, known: Partial<Model> = {}): Model {
  return {
    name: 'some',
    file: join(folder, 'some', 'model.onnx'),
    source: { repository: 'owner/some', revision: 'main', path: 'onnx/model.onnx' },
    labels: 'coco.json',
    style: 'huggingface',
    size: [640, 640],
    licence: 'Apache-2.0',
    about: 'bytes',
    ...known,
  };
}

export interface Fetching {
  readonly tries?: number;
  readonly timeoutMs?: number;
  readonly allowUnverified?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** Fetches, and gives what was said. */
export async function fetching(hub: Hub, model: Model, how: Fetching = {}): Promise<string> {
  const lines: string[] = [];
  hub.arrived = () => partBytes(dirname(dirname(model.file)));
  await using host = new ModelHost(how.timeoutMs ?? 5_000, proxiesOf({}));
  const options: FetchOptions = {
    baseUrl: `${hub.url}/`,
    host,
    retries: { tries: how.tries ?? 4, delayMs: 10 },
    allowUnverified: how.allowUnverified ?? false,
    signal: how.signal ?? new AbortController().signal,
    say: (line) => void lines.push(line),
    progress: new Progress({ write: how.onProgress ?? (() => {}) }),
  };
  await fetchModel(model, options);
  return lines.join('\n');
}

/** Bytes of the part that lies in a folder and is being filled. */
export async function partBytes(folder: string): Promise<number> {
  const part = (await readdir(folder)).find((name) => /\.part\.\d+$/.test(name));
  return part === undefined ? 0 : (await stat(join(folder, part, 'model.onnx'))).size;
}
