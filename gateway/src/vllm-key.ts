import type { WrittenDeclaration } from './schema.js';

/** The text of the file that stands for vLLM's key. */
export const writtenVllmKey = 'vllm-api-key-001';

/** Puts in the key that vLLM is sent, in place; with an empty one it is sent none. */
export function replaceVllmKey(file: WrittenDeclaration, key: string): void {
  for (const service of file.services ?? []) {
    for (const plugin of service.plugins ?? []) {
      const { add } = (plugin.config ?? {}) as { add?: { headers?: string[] } };
      if (plugin.name !== 'request-transformer' || add?.headers === undefined) continue;
      add.headers = add.headers.flatMap((header) => {
        if (!header.endsWith(writtenVllmKey)) return [header];
        return key === '' ? [] : [header.slice(0, -writtenVllmKey.length) + key];
      });
    }
  }
}
