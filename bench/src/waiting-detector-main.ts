// A detector whose inferences are waits of 50 ms; fetching, decoding and publishing are real.
import { run } from '@framebus/contract/service';
import { startDetector } from '@framebus/detector/dist/src/detector.js';
import { settings } from '@framebus/detector/dist/src/settings.js';
import { waitingModel } from '@framebus/detector/dist/test/waiting-model.js';

await run({
  ...{ name: 'detector', settings },
  start: (config, log, signal) => startDetector(config, log, signal, waitingModel(50)),
});
