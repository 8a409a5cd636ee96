import { run } from '@framebus/contract/service';
import { startLlm } from './llm.js';
import { settings } from './settings.js';

await run({ name: 'llm', settings, start: startLlm });
