import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { repositoryFile } from '@framebus/test';
import { batch } from './batch.js';
import { latency } from './latency.js';
import { overload } from './overload.js';
import { preprocess } from './preprocess.js';
import { readerLatency } from './reader-latency.js';
import { type Row, table } from './row.js';
import { scaleOut } from './scale-out.js';
import { throughput } from './throughput.js';

// Prints the table and keeps it in bench/RESULTS.md. Exit code 1 when a bar is not reached.
const rows: Row[] = [
  ...(await preprocess()),
  ...(await throughput()),
  await batch(),
  await scaleOut(),
  await readerLatency(),
  await latency(),
  ...(await overload()),
];
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`;
const text = `# What \`npm run bench\` printed

\`models/shapes\` at 640 × 640 where no other model is named, real nats-server, ffmpeg and sockets; ${machine}. Ratios are of one run: absolute figures differ from machine to machine.

${table(rows)}
`;
process.stdout.write(text);
await writeFile(repositoryFile('bench/RESULTS.md'), text);
process.exit(rows.every((row) => row.reached) ? 0 : 1);
