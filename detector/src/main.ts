import { run } from '@framebus/contract/service';
import { startDetector } from './detector.js';
import { settings } from './settings.js';

await run({ name: 'detector', settings, start: startDetector });
