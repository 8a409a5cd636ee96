import { statfs } from 'node:fs/promises';
import { formatBytes } from './size.js';

/** The disk does not take the file. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code = 'STORAGE';
  readonly retry = false;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EFBIG: 'the disk takes no file as large as that',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of that path is a file',
  EEXIST: 'a part of that path is a file',
};

/** Does something with files under `folder`, and says in words why that can not be. @throws StorageError */
export async function storing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = reasons[(cause as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw cause;
    throw new StorageError(`can not write to ${folder}: ${why}`, { cause });
  }
}

/** @throws StorageError when the disk of `folder` has not that many bytes left */
export async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes > free) {
    const words = `${formatBytes(bytes)} are wanted and ${formatBytes(free)} are free`;
    throw new StorageError(`can not write to ${folder}: ${words}`);
  }
}
