import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { repositoryFile } from '@framebus/test';
import { chaos } from './chaos/chaos.js';
import { bars, faultTable, gaps, summary } from './chaos/report.js';
import { table } from './row.js';

// Prints what happened and what was promised. Exit code 1 when a bar is missed.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    faults: { type: 'string', default: '66' },
    only: { type: 'string', default: '' },
  },
});
const [seed = 1, minutes = 10, count = 66] = [values.seed, values.minutes, values.faults].map(
  Number,
);
const only = regExp(values.only);
if (![seed, minutes, count].every(Number.isFinite) || only === undefined) {
  process.stderr.write(
    'usage: npm run chaos -- [--seed 1] [--minutes 10] [--faults 66] [--only REGEXP]\n',
  );
  process.exit(2);
}
const say = (words: string) => process.stderr.write(`${words}\n`);
const script = repositoryFile('bench/nats-clock/build.sh');
const natsServer = await promisify(execFile)('bash', [script]).then(
  ({ stdout }) => stdout.trim(),
  (error: Error) => void say(error.message),
);
const outcome = await chaos({ seed, minutes, count, only, natsServer }, say);
const rows = bars(outcome);
say(gaps(outcome));
process.stdout.write(`${summary(outcome)}\n\n${faultTable(outcome)}\n\n${table(rows)}\n`);
process.exit(rows.every(({ reached }) => reached) ? 0 : 1);

function regExp(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'i');
  } catch {
    return undefined;
  }
}
