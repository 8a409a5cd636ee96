import { run } from '@framebus/contract/service';

// A service whose stop never ends.
const start = async () => {
  setInterval(() => {}, 1_000);
  process.stdout.write('ready\n');
  return { [Symbol.asyncDispose]: () => new Promise<void>(() => {}) };
};
await run({ name: 'hang', settings: {}, start });
