import { stringify } from 'yaml';
import { parseDeclaration, readText } from './declaration.js';
import type { FileConfig } from './file-settings.js';
import { type ChosenKeys, chooseKeys } from './key-choice.js';
import { replaceKeys } from './keys.js';
import { moveServices } from './moved.js';
import type { Declaration } from './schema.js';
import { replaceVllmKey } from './vllm-key.js';

/** The declarative file with the environment's keys and addresses in it. */
export interface Rendered {
  readonly declaration: Declaration;
  /** The same as Kong reads it. */
  readonly text: string;
  readonly made: ChosenKeys['made'];
}

/**
 * @param loopback whether only this machine can reach the gateway: the documented keys are then good
 * @throws ConfigError with every mistake of the file and its place, or of the environment
 */
export async function render(config: FileConfig, loopback: boolean): Promise<Rendered> {
  const written = parseDeclaration(await readText(config.kongFile), config.kongFile).written;
  const { replacements, made } = await chooseKeys({
    given: { VIDEO_API_KEY: config.videoKeys, LLM_API_KEY: config.llmKeys },
    demo: config.demoKeys || loopback,
    keysFile: config.keysFile,
  });
  replaceKeys(written, replacements);
  replaceVllmKey(written, config.vllmKey);
  moveServices(written, config.upstreams);
  const text = `# Made of ${config.kongFile.split('/').pop()} and the environment: edit those.\n${stringify(written)}`;
  return { ...parseDeclaration(text, 'the rendered file'), text, made };
}
