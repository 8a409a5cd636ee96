import { parseArgs } from 'node:util';
import { makeStills } from './stills.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '0' },
    size: { type: 'string', default: '640x360' },
    workers: { type: 'string', default: '1' },
    damage: { type: 'string', default: 'mixed' },
    format: { type: 'string', default: 'jpg' },
  },
});
const [width = 0, height = 0] = values.size.split('x').map(Number);
if (values.out === undefined) throw new Error('--out names the folder to write');
switch (positionals[0]) {
  case 'stills':
    await makeStills({
      out: values.out,
      count: Number(values.count),
      seed: Number(values.seed),
      width,
      height,
      damage: values.damage === 'none' ? 'none' : 'mixed',
      format: values.format === 'png' ? 'png' : 'jpg',
      workers: Number(values.workers),
    });
    break;
  default:
    throw new Error('the first word is stills, clip or damaged');
}
