import type { Model } from '../models.js';
import { UnverifiedError } from './hash.js';
import type { HostAnswer, ModelHost } from './host.js';
import { reason, TransferError } from './host-errors.js';
import { isSameFile, type Origin, strongTag } from './origin.js';
import type { Part } from './part.js';
import { checkSpace } from './storage.js';

/** The host has a file of another size than models.json tells. */
export class SizeMismatchError extends Error {
  override readonly name = 'SizeMismatchError';
  readonly code = 'SIZE_MISMATCH';
  readonly retry = false;
}

export interface DownloadOptions {
  readonly model: Model;
  readonly url: string;
  readonly host: ModelHost;
  readonly allowUnverified: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number, total: number | undefined) => void;
}

/** One try to fill a part; goes on where the part ends if the host still has the same file. */
export async function download(part: Part, options: DownloadOptions): Promise<void> {
  const answer = await askForRest(part, options);
  const { body, bytes, status } = answer;
  try {
    const origin = originOf(answer, options);
    check(origin, options);
    await checkSpace(part.parent, (bytes ?? 0) - part.length);
    await part.record(origin);
    options.onBytes(part.length, bytes);
    if (status !== 416) await fill(part, answer, options);
    await part.sync();
  } finally {
    body.on('error', () => {}).destroy();
  }
  if (bytes !== undefined && part.length < bytes) {
    throw new TransferError(`the host sent ${part.length} of ${bytes} bytes`);
  }
}

async function askForRest(part: Part, options: DownloadOptions): Promise<HostAnswer> {
  const { host, url, signal } = options;
  const { length: from, origin } = part;
  if (from > 0 && origin && (strongTag(origin) || origin.sha256)) {
    const answer = await host.open(url, { from, ifRange: strongTag(origin) }, signal);
    if (continues(part, answer, originOf(answer, options))) return answer;
    if (answer.status === 200) {
      await part.clear();
      return answer;
    }
    answer.body.on('error', () => {}).destroy();
  }
  await part.clear();
  return await host.open(url, undefined, signal);
}

function continues(part: Part, answer: HostAnswer, origin: Origin): boolean {
  if (answer.status === 416) {
    return answer.bytes === part.length && part.origin?.sha256 === origin.sha256;
  }
  if (answer.status !== 206 || answer.start !== part.length) return false;
  return part.origin !== undefined && isSameFile(part.origin, origin);
}

function originOf(answer: HostAnswer, { model, url }: DownloadOptions): Origin {
  const sha256 = model.sha256 ?? answer.sha256;
  return {
    url,
    ...(answer.revision && { revision: answer.revision }),
    ...(answer.etag && { etag: answer.etag }),
    ...(sha256 && { sha256 }),
    hashFrom: model.sha256 ? 'models.json' : sha256 ? 'host' : 'none',
    ...(answer.bytes !== undefined && { bytes: answer.bytes }),
  };
}

function check({ sha256, bytes }: Origin, { model, allowUnverified }: DownloadOptions): void {
  if (!sha256 && !allowUnverified) throw new UnverifiedError(model.name);
  if (model.bytes !== undefined && bytes !== undefined && bytes !== model.bytes) {
    throw new SizeMismatchError(
      `${model.name}: the host has a file of ${bytes} bytes, models.json tells ${model.bytes}`,
    );
  }
}

async function fill(part: Part, { body, bytes }: HostAnswer, options: DownloadOptions) {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  for (;;) {
    const { done, value } = await chunks.next().catch((cause: unknown) => {
      options.signal.throwIfAborted();
      throw new TransferError(`broke off after ${part.length} bytes: ${reason(cause)}`, { cause });
    });
    if (done) return;
    await part.append(value);
    options.onBytes(part.length, bytes);
  }
}
