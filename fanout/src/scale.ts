import sharp from 'sharp';

const jpegQuality = 65;
/** Larger pictures are refused. */
const maxPixels = 33_177_600;

/** The JPEG so many pixels wide; libjpeg leaves out what is not needed. @throws Error when it cannot be decoded */
export function scale(jpeg: Uint8Array, width: number): Promise<Buffer> {
  return sharp(jpeg, { limitInputPixels: maxPixels })
    .resize({ width, kernel: 'linear' })
    .jpeg({ quality: jpegQuality })
    .toBuffer();
}
