import { evaluate } from './evaluate.js';
import { readOptions } from './options.js';
import { formatReport } from './report.js';

try {
  const options = readOptions(process.argv.slice(2));
  const report = await evaluate(options);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : formatReport(report));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
