import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { jpegSize } from '../src/jpeg-size.js';
import { ascends, FrameTap } from './frame-tap.js';
import { IngestProcess } from './ingest-process.js';
import { RtspCamera } from './rtsp-camera.js';

t.test(
  'a started camera gives frames with growing indexes, true sizes and fresh times',
  async (t) => {
    await using nats = await NatsServer.start();
    await using camera = await RtspCamera.start({ cam: 'test:640x480@25' });
    await using tap = await FrameTap.open(nats.url);
    await using ingest = await IngestProcess.start(nats.url);
    const id = await ingest.start({ stream_url: camera.url('cam'), fps: 25, max_width: 320 });

    await until('30 frames', () => tap.frames.length >= 30);
    t.equal(tap.frames[0]?.frameIndex, 1);
    t.ok(ascends(tap.indexes), 'indexes grow');
    for (const frame of tap.frames) {
      t.same(jpegSize(frame.jpeg), { width: 320, height: 240 }, 'size of the picture');
      t.same([frame.width, frame.height], [320, 240], 'size in the headers');
      const ageMs = frame.seenAt - frame.capturedAt;
      t.ok(ageMs >= -1 && ageMs < 3_000, `captured ${ageMs} ms ago`);
    }
    const session = await until('status is running', async () => {
      const seen = await ingest.session(id);
      return seen.status === 'running' && seen.fps > 0 && seen;
    });
    t.equal(session.session_id, id);
    t.ok(session.frame_count >= 30);
    t.same(tap.statuses, ['pending', 'running']);
    t.match(
      tap.events.find((event) => event.type === 'stream_info'),
      {
        info: { width: 320, height: 240, fps: 25 },
      },
    );
  },
);
