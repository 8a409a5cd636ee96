import { readFileSync } from 'node:fs';

// Preloaded with --import into a service: its wall clock stands as many ms beside the machine's as CHAOS_CLOCK, a file,
// says. All that JavaScript sees of the wall clock is Date; the monotonic clock of timers goes on, as in a real step.
const Machine = Date;
let aheadMs = 0;
const now = () => Machine.now() + aheadMs;

const file = process.env.CHAOS_CLOCK;
if (file) {
  globalThis.Date = new Proxy(Machine, {
    construct: (Target, args) => Reflect.construct(Target, args.length > 0 ? args : [now()]),
    apply: () => new Machine(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  const look = () => {
    try {
      aheadMs = Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      aheadMs = 0;
    }
  };
  setInterval(look, 100).unref();
}
