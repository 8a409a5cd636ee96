import t from 'tap';
import { answers } from './cases/answers.js';
import { cors } from './cases/cors.js';
import { failures } from './cases/failures.js';
import { limits, usedUpLimit } from './cases/limits.js';
import { routes } from './cases/routes.js';
import { sockets } from './cases/sockets.js';
import { streams } from './cases/streams.js';
import { tls } from './cases/tls.js';
import { type Options, readOptions, usage } from './options.js';

function optionsOrUsage(): Options {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

const options = optionsOrUsage();
for (const cases of [routes, answers, cors, limits, streams, sockets, tls, failures, usedUpLimit]) {
  cases(t, options);
}
