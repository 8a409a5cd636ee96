import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { repositoryFile } from '@framebus/test';
import { batch } from './batch.js';
import { framePath } from './frame-path.js';
import { gateway } from './gateway/gateway.js';
import { ingestCpu } from './ingest-cpu.js';
import { latency } from './latency.js';
import { original } from './original.js';
import { overload } from './overload.js';
import { preprocess } from './preprocess.js';
import { readerLatency } from './reader-latency.js';
import { type Row, table } from './row.js';
import { scaleOut } from './scale-out.js';
import { throughput } from './throughput.js';
import { viewers } from './viewers/viewers.js';

const benches: Readonly<Record<string, () => Promise<Row | readonly Row[]>>> = {
  preprocess,
  throughput,
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
};

// Prints the table and keeps it in bench/RESULTS.md, or runs what --only names. Exit code 1 when a bar is not reached.
const names = Object.keys(benches);
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`--only takes ${names.join(', ')}; there is no ${unknown.join(', ')}\n`);
  process.exit(2);
}
const rows: Row[] = [];
for (const name of wanted) {
  const started = performance.now();
  const found = await rowsOf(name);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  process.stderr.write(`${name}, ${seconds} s:\n${table(found)}\n`);
  rows.push(...found);
}
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`;
const text = `# What \`npm run bench\` printed

\`models/nano\` where no other model is named, real nats-server, ffmpeg and sockets; ${machine}. Ratios are of one run: absolute figures differ from machine to machine.

${table(rows)}

${await readFile(repositoryFile('bench/notes.md'), 'utf8')}`;
process.stdout.write(text);
if (values.only === undefined) await writeFile(repositoryFile('bench/RESULTS.md'), text);
process.exit(rows.every((row) => row.reached) ? 0 : 1);

/** What one measurement gives; one that fails does not take the others with it. */
async function rowsOf(name: string): Promise<readonly Row[]> {
  try {
    return [await benches[name]?.()].flat().filter((row) => row !== undefined);
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).stack}\n`);
    return [{ what: name, measured: `failed: ${String(error)}`, bar: '', reached: false }];
  }
}
