import { parseArgs } from 'node:util';
import { makeStreetClip } from './clip.js';
import { decodeStills } from './decoded.js';
import { makeStills } from './stills.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '0' },
    size: { type: 'string' },
    // stills
    count: { type: 'string', default: '100' },
    workers: { type: 'string', default: '1' },
    damage: { type: 'string', default: 'mixed' },
    format: { type: 'string', default: 'jpg' },
    // clip
    name: { type: 'string', default: 'clip' },
    scenes: { type: 'string', default: '10' },
    'seconds-per-scene': { type: 'string', default: '2' },
    fps: { type: 'string', default: '10' },
    crf: { type: 'string', default: '26' },
    bitrate: { type: 'string' },
    frames: { type: 'string', default: 'none' },
    // damaged
    clip: { type: 'string', default: '.' },
    every: { type: 'string', default: '5' },
  },
});
const [command] = positionals;
const size = values.size ?? (command === 'clip' ? '1280x720' : '640x360');
const [width = 0, height = 0] = size.split('x').map(Number);
if (values.out === undefined) throw new Error('--out names the folder to write');
const common = { out: values.out, seed: Number(values.seed), width, height };

switch (command) {
  case 'stills':
    await makeStills({
      ...common,
      count: Number(values.count),
      damage: oneOf('damage', ['none', 'mixed'] as const, values.damage),
      format: oneOf('format', ['jpg', 'png'] as const, values.format),
      workers: Number(values.workers),
    });
    break;
  case 'clip':
    await makeStreetClip({
      ...common,
      name: values.name,
      scenes: Number(values.scenes),
      secondsPerScene: Number(values['seconds-per-scene']),
      fps: Number(values.fps),
      rate: values.bitrate ? { bitrate: values.bitrate } : { crf: Number(values.crf) },
      keepFrames: oneOf('frames', ['none', 'every'] as const, values.frames) === 'every',
    });
    break;
  case 'damaged':
    await decodeStills({ ...common, clip: values.clip, every: Number(values.every) });
    break;
  default:
    throw new Error('the first word is stills, clip or damaged');
}

function oneOf<T extends string>(name: string, words: readonly T[], value: string): T {
  const word = words.find((each) => each === value);
  if (word === undefined) throw new Error(`--${name} is ${words.join(' or ')}, not ${value}`);
  return word;
}
