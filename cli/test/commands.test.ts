import { publishFile, Stack, until } from '@framebus/test';
import t from 'tap';
import { controlCases } from './control-cases.js';
import { frameCases } from './frame-cases.js';
import { FramebusProcess } from './framebus.js';
import { liveCases } from './live-cases.js';

t.test('the commands, with a camera behind a gateway', async (t) => {
  // Alerts are not to be waited for.
  await using stack = await Stack.start({
    fanoutEnv: { ALERT_COOLDOWN_MS: '1000' },
    detectorEnv: { DETECTOR_MODEL: 'shapes' },
  });
  await using _camera = await publishFile(stack.rtspUrl('yard'));
  const env = { FRAMEBUS_URL: stack.url, NATS_URL: stack.nats.url };
  const args = ['start', stack.rtspUrl('yard'), '--id', 'yard'];
  await using start = new FramebusProcess(args, { env });
  t.equal(await start.closed, 0, start.stderr);
  const history = '/api/v1/video/sessions/yard/detections?limit=5';
  const analysed = async () => {
    const { body } = await stack.call<{ detections: unknown[] }>('GET', history);
    return body.detections.length === 5;
  };
  await until('frames are analysed', analysed, { timeoutMs: 60_000, everyMs: 1_000 });
  await controlCases(t, env);
  await frameCases(t, env);
  await liveCases(t, env);
});
