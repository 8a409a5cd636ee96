import { run } from '@framebus/contract/service';
import { startIngest } from './ingest.js';
import { settings } from './settings.js';

await run({ name: 'ingest', settings, start: startIngest });
