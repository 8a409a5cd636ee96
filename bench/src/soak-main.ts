import { table } from './row.js';
import { soak } from './soak.js';

// Prints the table. Exit code 1 when a process grew.
const rows = await soak();
process.stdout.write(`${table(rows)}\n`);
process.exit(rows.every((row) => row.reached) ? 0 : 1);
