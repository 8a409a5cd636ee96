import { run } from '@framebus/contract/service';
import { startFanout } from './fanout.js';
import { settings } from './settings.js';

await run({ name: 'fanout', settings, start: startFanout });
