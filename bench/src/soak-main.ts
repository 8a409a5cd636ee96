import { parseArgs } from 'node:util';
import { table } from './row.js';
import { alone, shared, soak } from './soak.js';

// Prints the table. Exit code 1 when a process grew. --shared: the machine has other work to do.
const { values } = parseArgs({ options: { shared: { type: 'boolean', default: false } } });
const rows = await soak(values.shared ? shared : alone);
process.stdout.write(`${table(rows)}\n`);
process.exit(rows.every((row) => row.reached) ? 0 : 1);
