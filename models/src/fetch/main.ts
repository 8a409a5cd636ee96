import { fetchCommand } from './command.js';

process.exitCode = await fetchCommand(process.argv.slice(2), process.env);
