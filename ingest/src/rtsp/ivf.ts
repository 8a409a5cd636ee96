/*
 * IVF, the container in which ffmpeg takes access units whole: its demuxer lets each out at once, where
 * the one for RTSP waits for the next to begin. Format: https://wiki.multimedia.cx/index.php/Duck_IVF
 */

export type IvfCodec = 'h264' | 'hevc';

/** As ffmpeg's ivf demuxer knows them; it has none for HEVC, which must be named with `-c:v hevc`. */
const fourccs: Readonly<Record<IvfCodec, string>> = { h264: 'H264', hevc: 'HEVC' };
const headerBytes = 32;

/** Begins a stream with a time base of 1 ms. The size of pictures is left to the stream itself. */
export function ivfHeader(codec: IvfCodec): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('DKIF', 0);
  header.writeUInt16LE(headerBytes, 6);
  header.write(fourccs[codec], 8);
  header.writeUInt32LE(1_000, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/** Comes before the `size` bytes of each access unit. `pts`: ms. */
export function ivfFrameHeader(size: number, pts: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(size, 0);
  header.writeBigUInt64LE(BigInt(pts), 4);
  return header;
}
