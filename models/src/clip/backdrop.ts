import { noise, point } from './noise.js';
import { emptyPicture, HEIGHT, type Picture, WIDTH } from './picture.js';

// The backdrop is larger than the picture, which sways over it.
const SWAY = 48;
const GROUND = 0.62;
const HOUSE_WIDTH = 110;

/** A dull but busy street: cloudy sky, houses with windows, rough ground. */
export function makeBackdrop(seed: number): Picture {
  const street = emptyPicture(WIDTH + 2 * SWAY, HEIGHT + 2 * SWAY);
  for (let y = 0; y < street.height; y++) {
    for (let x = 0; x < street.width; x++) {
      const [grey, warmth] = tone(seed, x, y, street.height);
      const grain = (point(seed + 1, x, y) - 0.5) * 10;
      const at = (y * street.width + x) * 3;
      street.rgb[at] = grey + grain + warmth;
      street.rgb[at + 1] = grey + grain;
      street.rgb[at + 2] = grey + grain - warmth;
    }
  }
  return street;
}

/** Copies the part of the backdrop that is seen at a phase (0 to 1) of the clip. */
export function drawBackdrop(picture: Picture, street: Picture, phase: number): void {
  const turn = 2 * Math.PI * phase;
  const left = SWAY * (1 + 0.95 * Math.sin(turn));
  const top = SWAY * (1 + 0.4 * Math.sin(2 * turn + 1));
  const column = Math.floor(left);
  const row = Math.floor(top);
  const across = left - column;
  const down = top - row;
  const line = street.width * 3;
  const from = street.rgb;
  for (let y = 0; y < HEIGHT; y++) {
    let at = ((row + y) * street.width + column) * 3;
    const end = (y + 1) * WIDTH * 3;
    for (let to = y * WIDTH * 3; to < end; to++, at++) {
      const upper = from[at]! + (from[at + 3]! - from[at]!) * across;
      const lower = from[at + line]! + (from[at + line + 3]! - from[at + line]!) * across;
      picture.rgb[to] = upper + (lower - upper) * down + 0.5;
    }
  }
}

/** Brightness (0 to 255) and how far it leans to brown, or below 0 to blue. */
function tone(seed: number, x: number, y: number, height: number): [number, number] {
  const depth = y / height;
  if (depth > GROUND) {
    const rough = noise(seed + 2, x / 60, y / 14) * 0.6 + noise(seed + 3, x / 9, y / 4) * 0.4;
    return [60 + 70 * rough + 60 * (depth - GROUND), 6];
  }
  const house = Math.floor(x / HOUSE_WIDTH);
  const roof = GROUND * (0.25 + 0.6 * point(seed + 4, house, 0));
  if (depth > roof) return houseTone(seed, house, x - house * HOUSE_WIDTH, y);
  const cloud = noise(seed + 5, x / 170, y / 60) * 0.7 + noise(seed + 6, x / 40, y / 22) * 0.3;
  return [205 - 50 * depth - 60 * cloud, -4];
}

function houseTone(seed: number, house: number, x: number, y: number): [number, number] {
  const wall = 70 + 90 * point(seed + 7, house, 1);
  const warmth = -3 + 12 * point(seed + 8, house, 2);
  const isWindow = x % 27 > 12 && y % 34 > 16 && x > 6;
  if (!isWindow) return [wall + 14 * noise(seed + 9, x / 5, y / 3), warmth];
  const light = point(seed + 10, house * 16 + Math.floor(x / 27), Math.floor(y / 34));
  return [light > 0.7 ? 200 : 40 + 30 * light, 2];
}
