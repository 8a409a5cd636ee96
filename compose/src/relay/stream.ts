import type { Client } from './client.js';
import { frameHeaderBytes, type InterleavedFrame } from './message.js';
import type { Reader } from './reader.js';
import type { Description } from './sdp.js';
import type { Channels } from './transport.js';

/** What one publisher sends on one path, and who reads it. Ends with its publisher. */
export class Stream {
  readonly name: string;
  readonly description: Description;
  readonly publisher: Client;
  readonly readers = new Set<Reader>();
  /** RTP and RTCP that came from the publisher. */
  inboundBytes = 0;
  inboundPackets = 0;
  /** Packets that were not queued for a reader, each counted once per reader. */
  droppedPackets = 0;
  /** When the newest RTP packet came (ms, `performance.now`). */
  heardAt = performance.now();

  constructor(name: string, description: Description, publisher: Client) {
    this.name = name;
    this.description = description;
    this.publisher = publisher;
  }

  /** Passes a packet to every reader. It is framed once per channel number, whatever their count. */
  deliver(track: number, kind: keyof Channels, frame: InterleavedFrame): void {
    const packet = frame.bytes.subarray(frameHeaderBytes);
    this.inboundBytes += packet.length;
    this.inboundPackets += 1;
    if (kind === 'rtp') this.heardAt = performance.now();
    const frames = new Map([[frame.channel, frame.bytes]]);
    const framed = (channel: number) => {
      const bytes = frames.get(channel) ?? withChannel(frame.bytes, channel);
      frames.set(channel, bytes);
      return bytes;
    };
    for (const reader of this.readers) {
      if (!reader.offer(track, kind, packet, framed)) this.droppedPackets += 1;
    }
  }

  /** Closes every reader, so that it connects again. */
  end(reason: string): void {
    const readers = [...this.readers];
    this.readers.clear();
    for (const reader of readers) reader.client.close(reason);
  }
}

function withChannel(frame: Buffer, channel: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(frame.length);
  frame.copy(bytes);
  bytes.writeUInt8(channel, 1);
  return bytes;
}
