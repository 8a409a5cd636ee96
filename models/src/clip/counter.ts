import type { Box } from './box.js';
import { HEIGHT, type Picture, WIDTH } from './picture.js';

// Blocks along the bottom edge, in pixels of the clip: white, black, the number with its highest
// bit first, then a bit that makes the count of ones even, then that bit's opposite.
const BLOCK_WIDTH = 32;
const BLOCK_HEIGHT = 24;
const LEFT = 32;
const BITS = 10;
const BLOCKS = BITS + 4;

/** Height in pixels that the blocks take from the bottom of the clip. */
export const COUNTER_HEIGHT = BLOCK_HEIGHT;

/** One more than the highest frame number that fits. */
export const MAX_FRAMES = 2 ** BITS;

/** Draws the number of a frame into its picture, scaled as the picture is. */
export function drawFrameNumber({ rgb, width, height }: Picture, number: number): void {
  const bits = bitsOf(number);
  const column = (block: number) => Math.round(((LEFT + block * BLOCK_WIDTH) * width) / WIDTH);
  for (let y = Math.round((1 - BLOCK_HEIGHT / HEIGHT) * height); y < height; y++) {
    bits.forEach((bit, block) => {
      const from = (y * width + column(block)) * 3;
      rgb.fill(bit ? 235 : 20, from, (y * width + column(block + 1)) * 3);
    });
  }
}

/** Left, top, right, bottom of what the blocks cover in a picture of a size. */
export function counterBox(width: number, height: number): Box {
  const [left, right] = [LEFT, LEFT + BLOCKS * BLOCK_WIDTH].map((x) =>
    Math.round((x * width) / WIDTH),
  );
  return [left!, Math.round((1 - BLOCK_HEIGHT / HEIGHT) * height), right!, height];
}

/**
 * The frame number in a picture of the clip, scaled to any size.
 * Undefined when the blocks are not there, not clear, or contradict each other.
 * @param rgb three bytes a pixel, rows from the top
 */
export function readFrameNumber(
  rgb: Uint8Array,
  width: number,
  height: number,
): number | undefined {
  const levels = Array.from({ length: BLOCKS }, (_, block) => level(rgb, width, height, block));
  const [white = 0, black = 0] = levels;
  if (white - black < 100) return undefined;
  const shares = levels.map((each) => (each - black) / (white - black));
  if (shares.some((share) => share > 0.3 && share < 0.7)) return undefined;
  const bits = shares.map((share) => share > 0.5);
  const number = bits.slice(2, 2 + BITS).reduce((sum, bit) => sum * 2 + Number(bit), 0);
  return bitsOf(number).every((bit, block) => bit === bits[block]) ? number : undefined;
}

function bitsOf(number: number): boolean[] {
  const bits = Array.from({ length: BITS }, (_, i) => ((number >> (BITS - 1 - i)) & 1) === 1);
  const odd = bits.filter(Boolean).length % 2 === 1;
  return [true, false, ...bits, odd, !odd];
}

/** Mean brightness of the middle of a block. */
function level(rgb: Uint8Array, width: number, height: number, block: number): number {
  const x = LEFT + block * BLOCK_WIDTH;
  const left = Math.ceil(((x + BLOCK_WIDTH * 0.3) * width) / WIDTH);
  const right = Math.ceil(((x + BLOCK_WIDTH * 0.7) * width) / WIDTH);
  const top = Math.ceil(((HEIGHT - BLOCK_HEIGHT * 0.7) * height) / HEIGHT);
  const bottom = Math.ceil(((HEIGHT - BLOCK_HEIGHT * 0.3) * height) / HEIGHT);
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (const byte of rgb.subarray((row * width + left) * 3, (row * width + right) * 3)) {
      sum += byte;
    }
  }
  return sum / ((bottom - top) * (right - left) * 3);
}
