import { resolve } from 'node:path';
import { number, type Setting, type Settings, text } from '@framebus/contract/service';
import { fetchedFolder } from '../models.js';

/** Proxies are not in the table: HTTPS_PROXY, HTTP_PROXY and NO_PROXY mean what they mean everywhere. */
export const settings = {
  baseUrl: address('MODELS_BASE_URL', 'https://huggingface.co', 'model hub, or a mirror of it'),
  dir: text(
    'MODELS_DIR',
    '',
    'folder of fetched models; empty: models/fetched, where detectors look',
  ),
  tries: number('MODELS_TRIES', 6, 'times that a broken download is tried', { min: 1, max: 100 }),
  timeoutMs: number(
    'MODELS_TIMEOUT_MS',
    30_000,
    'ms without an answer or a byte after which a try ends',
    {
      min: 100,
    },
  ),
} satisfies Settings;

/** Folder of fetched models that a setting names. */
export function folderOf(dir: string): string {
  return dir === '' ? fetchedFolder : resolve(dir);
}

function address(name: string, fallback: string, about: string): Setting<string> {
  return {
    ...text(name, fallback, about),
    expected: `an http or https address such as ${fallback}`,
    parse: (t) => {
      if (!/^https?:$/.test(new URL(t).protocol)) throw new RangeError(t);
      return t;
    },
  };
}
