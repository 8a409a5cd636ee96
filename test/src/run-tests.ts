// Runs compiled test files, each as a program of its own: run-tests.js --jobs=N --timeout=SECONDS FILE ...
// Prints TAP and, at the end, the files that failed. By `env`, for tap gives each Node that it starts a loader that
// notes which modules are imported, which takes as long as many a test.
import { parseArgs } from 'node:util';
import t from 'tap';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '1' },
    timeout: { type: 'string', default: '120' },
  },
});
const [jobs, seconds] = [Number(values.jobs), Number(values.timeout)];
if (!(jobs >= 1 && seconds >= 1 && positionals.length > 0)) {
  process.stderr.write('run-tests.js --jobs=N --timeout=SECONDS FILE ...\n');
  process.exit(2);
}
t.jobs = jobs;
// Each file has a time of its own.
t.setTimeout(0);
const failed: string[] = [];
await Promise.all(
  positionals.map(async (file) => {
    const results = await t.spawn(
      'env',
      ['-u', 'NODE_OPTIONS', process.execPath, '--enable-source-maps', file],
      {
        timeout: 1_000 * seconds,
        buffered: jobs > 1,
        // For the tests within.
        env: { ...process.env, TAP_TIMEOUT: `${seconds}` },
      },
      file,
    );
    if (results?.ok && results.count > 0) return;
    failed.push(file);
    if (results?.ok) t.fail(`${file} has no tests`);
  }),
);
for (const file of failed) t.comment(`failed: ${file}`);
