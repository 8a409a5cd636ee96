import { run } from '@framebus/contract/service';
import { startRelay } from './relay.js';
import { settings } from './settings.js';

await run({ name: 'relay', settings, start: startRelay });
