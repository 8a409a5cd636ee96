import type { DetectionEvent } from '@framebus/contract';
import { publishFile, repositoryFile, Stack, until } from '@framebus/test';
import t from 'tap';

t.test('confidence and classes of a session hold for events, low scores and viewers', async (t) => {
  // A model with random weights: its scores are of all sizes.
  await using stack = await Stack.start({
    detectorEnv: {
      DETECTOR_MODEL: repositoryFile('models/fixtures/authors.onnx'),
      DETECTOR_LABELS: repositoryFile('models/fixtures/labels.json'),
      DETECTOR_LOW_SCORE_MIN: '0.05',
    },
  });
  const events: DetectionEvent[] = [];
  stack.bus.connection.subscribe('detections.*', {
    callback: (_, message) => events.push(message.json<DetectionEvent>()),
  });
  await using viewer = await stack.view('strict', 'msgpack');
  await using _camera = await publishFile(stack.rtspUrl('camera'));
  const url = stack.rtspUrl('camera');
  await stack.startSession('all', url, { confidence_threshold: 0 });
  const of = (session: string) => events.filter(({ session_id }) => session_id === session);
  const found = (session: string) => of(session).flatMap(({ detections }) => detections);
  // In the middle of what is there, so that each side has some.
  await until('100 detections', () => found('all').length >= 100, { timeoutMs: 60_000 });
  const sorted = found('all').map(({ confidence }) => confidence);
  sorted.sort((a, b) => a - b);
  const confidence_threshold = sorted[Math.floor(sorted.length / 2)] as number;
  const names = [...new Set(found('all').map(({ class_name }) => class_name))];
  t.ok(names.length >= 3, names.join(', '));
  const classes = names.slice(0, 2);
  await stack.startSession('strict', url, { confidence_threshold, classes });
  const low = (session: string) => of(session).flatMap((event) => event.low_score_detections ?? []);
  await until('both kinds', () => found('strict').length >= 20 && low('strict').length >= 20, {
    timeoutMs: 60_000,
  });
  // Confidences are rounded to four digits after they were compared.
  t.ok(found('strict').every(({ confidence }) => confidence >= confidence_threshold));
  t.ok(low('strict').every(({ confidence }) => confidence <= confidence_threshold));
  t.ok(low('strict').every(({ confidence }) => confidence >= 0.05));
  const both = [...found('strict'), ...low('strict')];
  t.ok(both.every(({ class_name }) => classes.includes(class_name)));
  t.ok(
    found('all').some((one) => one.confidence < confidence_threshold),
    'the other session keeps its own',
  );
  t.ok(found('all').some((one) => !classes.includes(one.class_name)));
  const results = await until('frame results', () => {
    const results = viewer.of('frame_result');
    return results.length > 5 && results;
  });
  t.notOk(results.some((result) => 'low_score_detections' in result));
  const shown = results.flatMap((result) => result.detections ?? []);
  t.ok(shown.every((one) => one.confidence >= confidence_threshold));
});
