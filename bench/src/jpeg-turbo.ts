import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryFile } from '@framebus/test';

/** libjpeg-turbo 3.1 as @julusian/jpeg-turbo binds it: `rgb` takes what comes out, 3 bytes a pixel. */
export interface JpegTurbo {
  decompressSync(jpeg: Buffer, rgb: Buffer, options: { format: number }): unknown;
  readonly FORMAT_RGB: number;
}

const version = '2.3.0';

/** Fetches the binding from npm: nothing but this measurement needs it and its eighty packages. */
export async function loadJpegTurbo(): Promise<JpegTurbo> {
  const folder = repositoryFile('.framebus/bench');
  await mkdir(folder, { recursive: true });
  const wanted = ['--ignore-scripts', '--no-save', '--no-package-lock', '--prefix', folder];
  await promisify(execFile)('npm', ['install', ...wanted, `@julusian/jpeg-turbo@${version}`]);
  return createRequire(join(folder, 'package.json'))('@julusian/jpeg-turbo');
}
