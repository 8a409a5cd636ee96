import { rename, writeFile } from 'node:fs/promises';
import { ConfigError } from '@framebus/contract/service';

/**
 * Writes a file so that a reader finds the old text or the new one.
 * @param variable that named the file. @throws ConfigError
 */
export async function writeWhole(
  variable: string,
  file: string,
  text: string,
  mode: number,
): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, text, { mode });
    await rename(draft, file);
  } catch (error) {
    throw new ConfigError([`${variable}: ${(error as Error).message}`]);
  }
}
