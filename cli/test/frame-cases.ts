import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { FramebusProcess, framebus } from './framebus.js';

/** Whether bytes begin and end as those of a JPEG. */
const isJpeg = (bytes: Buffer) => /^ffd8.*ffd9$/.test(bytes.toString('hex'));

/** What frames showed and show, with the session `yard` running behind the gateway. */
export async function frameCases(t: Test, env: { FRAMEBUS_URL: string; NATS_URL: string }) {
  await t.test('a snapshot is the newest frame, with boxes where they are asked for', async (t) => {
    const plain = await framebus(['snapshot', 'yard'], env);
    t.match(plain, { code: 0, stderr: '' });
    t.ok(isJpeg(plain.bytes));
    const file = join(t.testdir(), 'a.jpg');
    const boxes = await framebus(['snapshot', 'yard', '--boxes', '--output', file], env);
    t.match(boxes, { code: 0, stdout: '', stderr: '' });
    t.ok(isJpeg(await readFile(file)));
    const json = await framebus(['snapshot', 'yard', '--json'], env);
    const { jpeg, frame_index, width, detections } = JSON.parse(json.stdout);
    t.ok(isJpeg(Buffer.from(jpeg, 'base64')));
    t.ok(frame_index > 0 && width === 800 && detections.length > 0);
  });

  await t.test('a snapshot does not go to a terminal', async (t) => {
    await using snapshot = new FramebusProcess(['snapshot', 'yard'], { env, terminal: true });
    t.equal(await snapshot.closed, 2);
    t.match(snapshot.stdout, 'a JPEG is not for a terminal: write > a.jpg, or --output a.jpg');
  });

  await t.test('detections go on from where the call before ended', async (t) => {
    const first = await framebus(['detections', 'yard', '--limit', '3'], env);
    t.equal(first.code, 0);
    const indexes = [...first.stdout.matchAll(/ {2}frame (\d+) {2}/g)].map(([, i]) => Number(i));
    t.equal(indexes.length, 3, first.stdout);
    const [, cursor = ''] = /--since (seq:\d+) goes on/.exec(first.stderr) ?? [];
    const next = ['detections', 'yard', '--limit', '1', '--json', '--since', cursor];
    const { detections } = JSON.parse((await framebus(next, env)).stdout);
    t.notOk(indexes.includes(detections[0].frame_index));
    const recent = await framebus(['detections', 'yard', '--since', '5m', '--limit', '1'], env);
    t.match(recent.stdout, / {2}frame \d+ {2}/);
  });

  await t.test('tap prints messages of NATS as text, as JSON and raw', async (t) => {
    const text = await framebus(['tap', 'frames.>', '-n', '1'], env);
    t.match(text.stdout, /^frames\.yard {2}\d+ bytes {2}Frame-Index: \d+ .*Width: 800/);
    const json = await framebus(['tap', 'detections.yard', '-n', '1', '--json'], env);
    const message = { subject: 'detections.yard', payload: { session_id: 'yard' } };
    t.match(JSON.parse(json.stdout), message);
    const raw = await framebus(['tap', 'frames.yard', '-n', '1', '--raw'], env);
    t.ok(isJpeg(raw.bytes));
  });
}
