import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** What came is not what was promised. */
export class HashMismatchError extends Error {
  override readonly name = 'HashMismatchError';
  readonly code = 'HASH_MISMATCH';
  readonly expected: string;
  readonly found: string;

  constructor(model: string, expected: string, found: string, by: string) {
    super(
      `${model}: what came is not the file that ${by} promises, so it was deleted\n` +
        `  promised SHA-256: ${expected}\n  found SHA-256:    ${found}`,
    );
    this.expected = expected;
    this.found = found;
  }
}

/** Nobody says what the hash of the file is. */
export class UnverifiedError extends Error {
  override readonly name = 'UnverifiedError';
  readonly code = 'UNVERIFIED';
  readonly retry = false;

  constructor(model: string) {
    super(
      `${model}: neither models.json nor the host tells the SHA-256 of the file, so nothing was fetched; ` +
        '--allow-unverified takes it as it comes',
    );
  }
}

/** SHA-256 of a file, in hex. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, signal ? { signal } : {});
  return hash.digest('hex');
}
