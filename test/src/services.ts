import { fileURLToPath } from 'node:url';
import { Child } from './child.js';

type Environment = Readonly<Record<string, string>>;

/** Path of a file of the repository. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Runs a compiled script in a process of its own, after those in `imports`. */
export function startNode(
  script: string,
  env: Environment = {},
  imports: readonly string[] = [],
): Promise<Child> {
  const before = imports.flatMap((path) => ['--import', path]);
  return Child.start(process.execPath, [...before, script], env);
}

/** Starts a service as a process of its own, from its compiled `main.js`. */
export function startService(
  name: 'ingest' | 'detector' | 'fanout' | 'llm' | 'gateway',
  env: Environment,
  imports: readonly string[] = [],
): Promise<Child> {
  // Tests know to the pixel what the model of coloured shapes finds.
  const model = { DETECTOR_MODEL: process.env.DETECTOR_MODEL ?? 'shapes' };
  return startNode(repositoryFile(`${name}/dist/src/main.js`), { ...model, ...env }, imports);
}
