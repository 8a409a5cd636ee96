import { fileURLToPath } from 'node:url';
import { Child } from './child.js';

/** Path of a file of the repository. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Starts a service as a process of its own, from its compiled `main.js`. */
export function startService(
  name: 'ingest' | 'detector' | 'fanout' | 'llm' | 'gateway',
  env: Readonly<Record<string, string>>,
): Promise<Child> {
  return Child.start(process.execPath, [repositoryFile(`${name}/dist/src/main.js`)], env);
}
