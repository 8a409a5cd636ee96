import { dirname } from 'node:path';
import { isFetched, type Model } from '../models.js';
import { download } from './download.js';
import { HashMismatchError, hashFile } from './hash.js';
import type { ModelHost } from './host.js';
import type { Origin } from './origin.js';
import { Part, readOrigin } from './part.js';
import type { Progress } from './progress.js';
import { type RetryPolicy, withRetries } from './retry.js';
import { formatBytes, sizeOf } from './size.js';

export interface FetchOptions {
  readonly baseUrl: string;
  readonly host: ModelHost;
  readonly retries: RetryPolicy;
  /** Takes a file whose hash nobody tells. */
  readonly allowUnverified: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly progress: Progress;
}

/**
 * Fetches the file of a model, unless it is there and whole. What an earlier fetch left is gone on with.
 * @throws HostAnswerError, TransferError, RedirectError, HashMismatchError, UnverifiedError,
 * SizeMismatchError, StorageError, FetchBusyError, or the signal's reason; the model's file is then not there,
 * or as it was
 */
export async function fetchModel(model: Model, options: FetchOptions): Promise<void> {
  const { say, signal } = options;
  const url = urlOf(model, options.baseUrl);
  if (url === undefined) return say(`${model.name} comes with framebus: ${model.file}`);
  tell(model, url, say);
  if (await isWhole(model, options)) return;
  await using part = await Part.claim(dirname(model.file));
  if (part.length > 0) say(`${formatBytes(part.length)} of it are here already`);
  await fill(part, model, url, options);
  const origin = await verify(part, model, signal);
  await part.record(origin);
  await part.finish();
  say(`fetched: ${model.file}`);
  say(`SHA-256: ${origin.sha256} (${vouchers[origin.hashFrom]})`);
}

const vouchers: Readonly<Record<Origin['hashFrom'], string>> = {
  'models.json': 'as models.json has it',
  host: 'as the host tells it',
  none: 'of what came: nobody vouches for it',
};

function urlOf({ source }: Model, baseUrl: string): string | undefined {
  if (source === undefined) return undefined;
  const { repository, revision, path } = source;
  return `${baseUrl.replace(/\/+$/, '')}/${repository}/resolve/${revision}/${path}`;
}

function tell(model: Model, url: string, say: (line: string) => void): void {
  say(`${model.name}: ${model.about}`);
  say(`licence: ${model.licence}`);
  say(`size:    ${sizeOf(model)}`);
  say(`source:  ${url}`);
  if (model.secondHand) {
    say('note:    this revision and its hash or size were read in other projects’ code');
  }
}

async function isWhole(model: Model, { say, signal }: FetchOptions): Promise<boolean> {
  if (!(await isFetched(model))) return false;
  const origin = await readOrigin(dirname(model.file));
  const expected = model.sha256 ?? origin?.sha256;
  if (expected === (await hashFile(model.file, signal))) {
    const words = origin?.hashFrom === 'none' ? 'as it came, unverified' : 'whole';
    say(`it is here already, ${words}: ${model.file}`);
    return true;
  }
  say('the file that is here is not the one that is wanted; fetching it anew');
  return false;
}

async function fill(part: Part, model: Model, url: string, options: FetchOptions): Promise<void> {
  const { host, allowUnverified, progress, retries, say, signal } = options;
  const onBytes = progress.show.bind(progress);
  try {
    await withRetries(
      () => download(part, { model, url, host, allowUnverified, signal, onBytes }),
      retries,
      signal,
      (error, waitMs) => {
        progress.end();
        say(`${error.message}; trying again in ${(waitMs / 1_000).toFixed(1)} s`);
      },
    );
  } finally {
    progress.end();
  }
}

async function verify(part: Part, model: Model, signal: AbortSignal): Promise<Origin> {
  const found = await hashFile(part.path, signal);
  const origin = part.origin as Origin;
  if (origin.sha256 !== undefined && origin.sha256 !== found) {
    await part.remove();
    const by = origin.hashFrom === 'host' ? 'the host' : 'models.json';
    throw new HashMismatchError(model.name, origin.sha256, found, by);
  }
  return { ...origin, sha256: found, bytes: part.length };
}
