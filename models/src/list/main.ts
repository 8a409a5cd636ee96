import { listCommand } from './command.js';

process.exitCode = await listCommand(process.argv.slice(2), process.env);
