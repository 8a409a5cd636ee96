import { Bus, createLogger } from '@framebus/contract/service';
import { NatsServer, TcpProxy, until } from '@framebus/test';
import t from 'tap';
import { FramePublisher } from '../src/frame-publisher.js';
import { NatsLink } from '../src/nats-link.js';
import { SessionProgress } from '../src/session-progress.js';
import { ascends, FrameTap } from './frame-tap.js';

const log = createLogger('test', 'silent');

async function publisherOn({ url }: { url: string }) {
  const bus = await Bus.open({ natsUrl: [url] }, 'test', log);
  const progress = new SessionProgress('cam', 'me', 0);
  const link = new NatsLink(bus);
  const publisher = new FramePublisher({ bus, link, log }, progress);
  const offer = (frameIndex: number, bytes = 10) =>
    publisher.offer({
      ...{ frameIndex, capturedAt: Date.now(), width: 4, height: 4 },
      jpeg: Buffer.alloc(bytes, 1),
    });
  return { bus, link, progress, publisher, offer };
}

t.test('without a detector one ticket waits, and later frames are coalesced into it', async (t) => {
  await using nats = await NatsServer.start();
  const { bus, progress, publisher, offer } = await publisherOn(nats);
  await using _bus = bus;
  for (let index = 1; index <= 5; index += 1) {
    offer(index);
    await until('published', () => progress.published.perSecond >= index);
  }
  await publisher.close();
  t.same(progress.drops, { behind: 0, coalesced: 4, unpublished: 0, too_large: 0 });
  const manager = await bus.connection.jetstreamManager();
  t.equal((await manager.streams.info('TICKETS')).state.messages, 1);
});

t.test('tickets name the ticket before them', async (t) => {
  await using nats = await NatsServer.start();
  const { bus, progress, publisher, offer } = await publisherOn(nats);
  await using _bus = bus;
  await using tap = await FrameTap.open(nats.url);
  const detectors = await bus.jetstream.consumers.get('TICKETS', 'detectors');
  for (const index of [1, 2, 3, 4]) {
    offer(index);
    await until('published', () => progress.published.perSecond >= index);
    // The ticket of frame 2 waits, so that of frame 3 is refused.
    if (index !== 2) (await detectors.next({ expires: 1_000 }))?.ack();
    await bus.connection.flush();
  }
  await publisher.close();
  t.same(tap.tickets, [
    { ticketIndex: 1, previousTicketIndex: 0 },
    { ticketIndex: 2, previousTicketIndex: 1 },
    { ticketIndex: 3, previousTicketIndex: 2 },
    { ticketIndex: 4, previousTicketIndex: 2 },
  ]);
  t.equal(progress.drops.coalesced, 1);
});

t.test('the first ticket of another ingest names the one that is in hand', async (t) => {
  await using nats = await NatsServer.start();
  const before = await publisherOn(nats);
  await using _before = before.bus;
  before.offer(7);
  await until('published', () => before.progress.publishedFrames === 1);
  await before.publisher.close();
  const detectors = await before.bus.jetstream.consumers.get('TICKETS', 'detectors');
  const inHand = await detectors.next({ expires: 1_000 });
  await using tap = await FrameTap.open(nats.url);
  const after = await publisherOn(nats);
  await using _after = after.bus;
  after.offer(8);
  await until('published', () => after.progress.publishedFrames === 1);
  inHand?.ack();
  await before.bus.connection.flush();
  after.offer(9);
  await until('published', () => after.progress.publishedFrames === 2);
  await after.publisher.close();
  t.equal(after.progress.drops.coalesced, 1, 'one at a time');
  t.same(tap.tickets.at(-1), { ticketIndex: 9, previousTicketIndex: 7 });
});

t.test('while one frame is under way only the newest waits', async (t) => {
  await using nats = await NatsServer.start();
  const { bus, progress, publisher, offer } = await publisherOn(nats);
  await using _bus = bus;
  await using tap = await FrameTap.open(nats.url);
  for (let index = 1; index <= 6; index += 1) offer(index);
  await until('the newest is out', () => tap.frames.at(-1)?.frameIndex === 6);
  await publisher.close();
  t.same(tap.indexes, [1, 6]);
  t.ok(ascends(tap.indexes));
  t.equal(progress.drops.behind, 4);
});

t.test('a frame larger than NATS takes is dropped with words', async (t) => {
  await using nats = await NatsServer.start();
  const { bus, progress, publisher, offer } = await publisherOn(nats);
  await using _bus = bus;
  const bytes = bus.connection.info?.max_payload ?? 0;
  offer(1, bytes);
  await publisher.close();
  t.equal(progress.drops.too_large, 1);
  t.match(progress.lastError, { code: 'FRAME_TOO_LARGE', details: { bytes } });
  t.match(progress.lastError?.message, `frame of ${bytes} bytes`);
  t.match(progress.lastError?.message, /lower max_width or jpeg_quality/);
});

t.test('while NATS is away frames are dropped and not piled up', async (t) => {
  await using nats = await NatsServer.start();
  const { bus, link, progress, publisher, offer } = await publisherOn(nats);
  await using _bus = bus;
  await nats.kill();
  await until('the loss is seen', () => !link.up);
  for (let index = 1; index <= 20; index += 1) {
    offer(index);
    await publisher.close();
  }
  t.equal(progress.drops.unpublished, 20);
  await nats.up();
  await until('NATS is back', () => link.up);
  const manager = await bus.connection.jetstreamManager();
  t.equal((await manager.streams.info('FRAMES')).state.last_seq, 0, 'nothing was held back');
});

t.test('a ticket that a killed server took with it is published again', async (t) => {
  await using nats = await NatsServer.start();
  const { bus, link, progress, publisher, offer } = await publisherOn(nats);
  await using _bus = bus;
  for (const index of [1, 2]) {
    offer(index);
    await until('published', () => progress.publishedFrames === index);
  }
  await nats.kill();
  await until('the loss is seen', () => !link.up);
  await nats.up();
  await using tap = await FrameTap.open(nats.url);
  await until('NATS is back', () => link.up);
  offer(3);
  await until('published', () => progress.publishedFrames === 3);
  await publisher.close();
  t.same(tap.indexes, [2, 3], 'with the newest frame that it stood for');
  t.match(tap.tickets[0], { ticketIndex: 1, previousTicketIndex: 0 });
  t.match(tap.tickets[1], { ticketIndex: 3, previousTicketIndex: 1 });
  t.equal(progress.drops.coalesced, 2, 'of the next one, which is refused as long as it waits');
});

t.test('what a server kept while it was out of reach is not published again', async (t) => {
  await using nats = await NatsServer.start();
  await using proxy = await TcpProxy.start(nats.port);
  const { bus, link, progress, publisher, offer } = await publisherOn({
    url: `nats://127.0.0.1:${proxy.port}`,
  });
  await using _bus = bus;
  await using tap = await FrameTap.open(nats.url);
  offer(1);
  await until('published', () => progress.publishedFrames === 1);
  proxy.set({ cut: true });
  await until('the loss is seen', () => !link.up);
  proxy.set({});
  await until('NATS is back', () => link.up);
  offer(2);
  await until('published', () => progress.publishedFrames === 2);
  await publisher.close();
  t.same(tap.indexes, [1, 2]);
});
