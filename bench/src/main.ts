import { parseArgs } from 'node:util';
import { batch } from './batch.js';
import { framePath } from './frame-path.js';
import { gateway } from './gateway/gateway.js';
import { ingestCpu } from './ingest-cpu.js';
import { keep } from './keep.js';
import { latency } from './latency.js';
import { original } from './original.js';
import { overload } from './overload.js';
import { preprocess } from './preprocess.js';
import { readerLatency } from './reader-latency.js';
import { type Row, table } from './row.js';
import { scaleOut } from './scale-out.js';
import { alone, soak } from './soak.js';
import { throughput } from './throughput.js';
import { tracing } from './tracing.js';
import { viewers } from './viewers/viewers.js';

const benches: Readonly<Record<string, () => Promise<Row | readonly Row[]>>> = {
  preprocess,
  throughput,
  tracing,
  batch,
  'scale-out': scaleOut,
  'ingest-cpu': ingestCpu,
  'frame-path': framePath,
  'reader-latency': readerLatency,
  latency,
  overload,
  viewers,
  gateway,
  original,
  memory: () => soak(alone),
};

// Prints the tables and keeps what was measured in bench/RESULTS.md; --only measures what it names and leaves the other
// tables there as they are. Exit code 1 when a bar is not reached.
const names = Object.keys(benches);
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`--only takes ${names.join(', ')}; there is no ${unknown.join(', ')}\n`);
  process.exit(2);
}
let reached = true;
for (const name of wanted) {
  const started = performance.now();
  const rows = await rowsOf(name);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  process.stdout.write(`${name}, ${seconds} s:\n${table(rows)}\n\n`);
  reached &&= rows.every((row) => row.reached);
  await keep(names, name, rows);
}
process.exit(reached ? 0 : 1);

/** What one measurement gives; one that fails does not take the others with it. */
async function rowsOf(name: string): Promise<readonly Row[]> {
  try {
    return [await benches[name]?.()].flat().filter((row) => row !== undefined);
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).stack}\n`);
    return [{ what: name, measured: `failed: ${String(error)}`, bar: '', reached: false }];
  }
}
