import { subjectOf, writeFrameHeaders, writeTicketHeaders } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import sharp from 'sharp';

export const width = 800;
export const height = 450;

/** A dull picture with a red rectangle at [100, 100, 220, 180] and a blue one at [400, 200, 500, 400]. */
export function picture(): Promise<Buffer> {
  const svg = `<svg width="${width}" height="${height}">
    <rect width="${width}" height="${height}" fill="#777"/>
    <rect x="100" y="100" width="120" height="80" fill="#e01010"/>
    <rect x="400" y="200" width="100" height="200" fill="#1010e0"/>
  </svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 70 }).toBuffer();
}

/** Publishes a frame and its ticket, as the contract says. */
export async function giveTurn(
  bus: Bus,
  sessionId: string,
  jpeg: Uint8Array,
  frameIndex: number,
  previousTicketIndex = 0,
  size = { width, height },
): Promise<void> {
  const frame = { frameIndex, capturedAt: Date.now(), ...size };
  const ticket = { ticketIndex: frameIndex, previousTicketIndex };
  await bus.jetstream.publish(subjectOf('frames', sessionId), jpeg, {
    headers: writeFrameHeaders(frame),
  });
  await bus.jetstream.publish(subjectOf('tickets', sessionId), '', {
    headers: writeTicketHeaders(ticket),
  });
}
