import { randomBytes } from 'node:crypto';
import { subjectOf, writeFrameHeaders, writeTicketHeaders } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import { newestFrame } from '@framebus/detector/dist/src/newest-frame.js';
import { TicketSource } from '@framebus/detector/dist/src/ticket-source.js';
import { FramePublisher } from '@framebus/ingest/dist/src/frame-publisher.js';
import { NatsLink } from '@framebus/ingest/dist/src/nats-link.js';
import { SessionProgress } from '@framebus/ingest/dist/src/session-progress.js';
import { NatsServer } from '@framebus/test';
import type { Row } from './row.js';
import { quantile } from './statistics.js';

const rounds = 300;
const warmUps = 30;
const jpeg = randomBytes(100_000);
const size = { width: 1280, height: 720 };
const log = createLogger('bench', 'silent');

/** Resolves with the frame in hand, to what is left to do then. */
type Work = (frameIndex: number) => Promise<() => unknown>;

/** From a frame's publish to the frame in a detector: ingest's and the detector's own code, and four bare calls. */
export async function framePath(): Promise<Row> {
  await using nats = await NatsServer.start();
  const ingest = await Bus.open({ natsUrl: [nats.url] }, 'ingest', log);
  const detector = await Bus.open({ natsUrl: [nats.url] }, 'detector', log);
  const progress = new SessionProgress('ours', 'bench', 0);
  const publisher = new FramePublisher({ bus: ingest, link: new NatsLink(ingest), log }, progress);
  const tickets = new TicketSource(detector, log);
  const ours: Work = async (frameIndex) => {
    const taking = tickets.take(new AbortController().signal);
    publisher.offer({ jpeg, frameIndex, capturedAt: Date.now(), ...size });
    const ticket = await taking;
    if (ticket === undefined) throw new Error('no ticket came');
    await newestFrame(detector.connection, ticket.sessionId, ticket.ticketIndex);
    return () => ticket.ack();
  };
  const consumer = await detector.jetstream.consumers.get('TICKETS', 'detectors');
  const bare: Work = async (frameIndex) => {
    const taking = consumer.next({ expires: 1_000 });
    const headers = writeFrameHeaders({ frameIndex, capturedAt: Date.now(), ...size });
    const ticket = writeTicketHeaders({ ticketIndex: frameIndex, previousTicketIndex: 0 });
    const published = [
      ingest.jetstream.publish(subjectOf('frames', 'bare'), jpeg, { headers }),
      ingest.jetstream.publish(subjectOf('tickets', 'bare'), '', { headers: ticket }),
    ];
    const taken = await taking;
    await detector.connection.request('$JS.API.DIRECT.GET.FRAMES.frames.bare');
    return async () => {
      taken?.ack();
      await Promise.all(published);
    };
  };
  const times: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
  for (let round = 1 - warmUps; round <= rounds; round++) {
    for (const [kind, work] of Object.entries({ ours, bare }) as ['ours' | 'bare', Work][]) {
      const started = performance.now();
      const settle = await work(round + warmUps);
      if (round > 0) times[kind].push(performance.now() - started);
      await settle();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  await publisher.close();
  await ingest[Symbol.asyncDispose]();
  await detector[Symbol.asyncDispose]();
  const [mine, theirs] = [quantile(times.ours, 0.5), quantile(times.bare, 0.5)];
  return {
    what: 'a frame of 100 KB from publish to in the detector (frame, ticket, pull, direct get), over the same four calls bare in one script',
    measured: `${(mine / theirs).toFixed(2)} × (medians of ${rounds} rounds; ${mine.toFixed(2)} over ${theirs.toFixed(2)} ms)`,
    bar: '≤ 1.2 ×',
    reached: mine / theirs <= 1.2,
  };
}
