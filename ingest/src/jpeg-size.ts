/** Bytes that are not a JPEG with a frame header. */
export class JpegError extends Error {
  override readonly name = 'JpegError';
  readonly code = 'JPEG_INVALID';
}

/**
 * Width and height in pixels, from the frame header of a JPEG.
 * Markers and segments: ITU-T T.81, B.1.1 and B.2.2.
 * @throws JpegError
 */
export function jpegSize(jpeg: Uint8Array): { width: number; height: number } {
  const bytes = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (jpeg.length < 4 || bytes.getUint16(0) !== 0xffd8) throw new JpegError('no start of image');
  let at = 2;
  while (at + 9 <= jpeg.length) {
    if (jpeg[at] !== 0xff) throw new JpegError(`no marker at byte ${at}`);
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (isFrameHeader(marker)) {
      const [height, width] = [bytes.getUint16(at + 5), bytes.getUint16(at + 7)];
      if (width === 0 || height === 0) throw new JpegError('a side of 0 pixels');
      return { width, height };
    } else if (marker === 0xda || marker === 0xd9) {
      break;
    } else {
      at += 2 + bytes.getUint16(at + 2);
    }
  }
  throw new JpegError('no frame header');
}

/** SOF0 to SOF15; DHT, JPG and DAC lie between them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
