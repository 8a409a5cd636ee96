import { spawnSync } from 'node:child_process';
import { createLogger } from '@framebus/contract/service';
import { Child, repositoryFile, until } from '@framebus/test';
import t from 'tap';
import { startRelay } from '../src/relay/relay.js';
import { Clips, publishClip } from './relay-media.js';

const python = '/usr/bin/python3';
const check =
  "import gi; gi.require_version('Gst', '1.0'); from gi.repository import Gst; Gst.init(None);" +
  "assert all(map(Gst.ElementFactory.find, ['rtspsrc', 'rtph264depay', 'h264parse']))";
const missing = spawnSync(python, ['-c', check], { timeout: 20_000 }).status !== 0;
const skip = missing && 'GStreamer for Python is not installed here: rtspsrc was NOT tried';

t.test("GStreamer's rtspsrc plays what ffmpeg publishes", { skip }, async (t) => {
  const options = { host: '127.0.0.1', port: 0 };
  await using relay = await startRelay(options, createLogger('relay', 'silent'));
  await using clips = await Clips.make();
  await using _publisher = await publishClip(relay, await clips.clip('libx264'), 'camera');
  await using reader = await Child.start('timeout', [
    ...['25', python, repositoryFile('compose/test/relay-gstreamer.py')],
    ...[`rtsp://127.0.0.1:${relay.port}/camera`, '30'],
  ]);
  await until('the reader has ended', () => !reader.running, { timeoutMs: 25_000, everyMs: 50 });
  // Some more may come while it ends.
  const units = Number(/^access units: (\d+)\n$/.exec(reader.output)?.[1]);
  t.ok(units >= 30, `${units} access units: ${reader.output}`);
});
