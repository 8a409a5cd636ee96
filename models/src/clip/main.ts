import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeClip } from './clip.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', '..', 'shapes') },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
  },
});
await makeClip({ out: values.out, seed: Number(values.seed), seconds: Number(values.seconds) });
