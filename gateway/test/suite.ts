import { repositoryFile } from '@framebus/test';
import type { Test } from 'tap';

/** The program of `npm run test:gateway`. */
export const suite = repositoryFile('gateway/dist/conformance/main.js');

/** Runs it as a subtest. */
export async function conforms(t: Test, args: readonly string[]): Promise<void> {
  await t.spawn(process.execPath, [suite, ...args], { timeout: 100_000 }, 'the suite');
}
