import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { subjectOf, writeFrameHeaders, writeTicketHeaders } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import { type Child, NatsServer, repositoryFile, startNode, until } from '@framebus/test';
import { WebSocket } from 'ws';
import { sleep } from '../statistics.js';

const everyMs = 100;
const warmUps = 30;
/** As large as ingest's picture of the demo clip. */
const bytes = 25_000;

/**
 * Ages in ms of `count` messages that go the way of a frame with no work and none of the services' code: a pipe through a process in
 * place of ffmpeg, frame and ticket to NATS, a detector's pull and direct get, a thread there and back, an event, a
 * WebSocket, a proxy. One every 100 ms, since a process that waited is slower to wake than one that just ran.
 */
export async function measureHops(count: number): Promise<number[]> {
  await using nats = await NatsServer.start();
  await using bus = await Bus.open(
    { natsUrl: [nats.url] },
    'hops',
    createLogger('bench', 'silent'),
  );
  const start = (name: string, env = {}) =>
    startNode(repositoryFile(`bench/dist/src/hops/${name}-main.js`), {
      NATS_URL: nats.url,
      ...env,
    });
  await using detector = await start('detector');
  await using fanout = await start('fanout');
  await using gateway = await start('gateway', { UPSTREAM: await printed(fanout) });
  await printed(detector);
  const socket = new WebSocket(`ws://127.0.0.1:${await printed(gateway)}/`);
  await once(socket, 'open');
  const coder = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  const jpeg = Buffer.alloc(bytes);
  const sentAt: number[] = [];
  const ages: number[] = [];
  let received = 0;
  coder.stdout.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received < bytes) return;
    received -= bytes;
    const frameIndex = sentAt.length;
    const frame = { frameIndex, capturedAt: Date.now(), width: 800, height: 450 };
    const ticket = { ticketIndex: frameIndex, previousTicketIndex: 0 };
    const { jetstream } = bus;
    void jetstream.publish(subjectOf('frames', 'bare'), jpeg, {
      headers: writeFrameHeaders(frame),
    });
    void jetstream.publish(subjectOf('tickets', 'bare'), '', {
      headers: writeTicketHeaders(ticket),
    });
  });
  socket.on('message', (data) => {
    const { frame_index } = JSON.parse(data.toString());
    ages.push(performance.now() - (sentAt[frame_index - 1] as number));
  });
  while (sentAt.length < warmUps + count) {
    sentAt.push(performance.now());
    coder.stdin.write(jpeg);
    await sleep(everyMs);
  }
  socket.terminate();
  coder.kill();
  return ages.slice(warmUps);
}

/** The first line that a process prints. */
function printed(child: Child): Promise<string> {
  return until('it prints', () => child.output.split('\n', 1)[0] || undefined);
}
