import type { Client } from './client.js';
import { Gate } from './gate.js';
import { RtspError } from './status.js';
import type { Stream } from './stream.js';
import { type Channels, chooseTransport } from './transport.js';

interface ReaderTrack {
  readonly channels: Channels;
  readonly gate: Gate;
}

/**
 * One client that reads a stream. It begins with the next packet. While more than `maxReaderBytes`
 * wait for it, packets are dropped whole and counted, video until the next key frame; a client that
 * takes nothing for `stuckTimeoutMs` is closed by its connection. Other readers see none of it.
 */
export class Reader {
  readonly stream: Stream;
  readonly client: Client;
  readonly #tracks = new Map<number, ReaderTrack>();
  playing = false;

  constructor(stream: Stream, client: Client) {
    this.stream = stream;
    this.client = client;
  }

  /** @throws RtspError 400, 404, 455, 459 or 461 */
  setUp(track: number | undefined, transport: string | undefined): Channels {
    const { tracks } = this.stream.description;
    if (this.playing) throw new RtspError(455, 'already playing');
    const index = track ?? (tracks.length === 1 ? 0 : undefined);
    if (index === undefined) throw new RtspError(459, 'set up one track at a time');
    const encoding = tracks[index]?.encoding;
    if (encoding === undefined) throw new RtspError(404, 'no such track');
    if (this.#tracks.has(index)) throw new RtspError(455, 'the track is set up already');
    const channels = chooseTransport(transport, index);
    const taken = [...this.#tracks.values()].flatMap((each) => Object.values(each.channels));
    if (taken.includes(channels.rtp) || taken.includes(channels.rtcp)) {
      throw new RtspError(400, 'an interleaved channel is taken');
    }
    this.#tracks.set(index, { channels, gate: new Gate(encoding) });
    return channels;
  }

  /** Takes one packet of the stream, framed for a channel on demand. False when it was dropped. */
  offer(
    track: number,
    kind: keyof Channels,
    packet: Buffer,
    framed: (channel: number) => Buffer,
  ): boolean {
    const own = this.#tracks.get(track);
    if (!this.playing || own === undefined) return true;
    const { outbox } = this.client;
    const passes = kind === 'rtcp' ? outbox.hasRoom : own.gate.passes(packet, outbox);
    if (passes) outbox.send(framed(own.channels[kind]));
    return passes;
  }
}
