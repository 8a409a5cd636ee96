import { run } from '@framebus/contract/service';
import { start } from './gateway.js';
import { settings } from './settings.js';

await run({ name: 'gateway', settings, start });
