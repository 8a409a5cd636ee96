export { makeStreetClip, type StreetClipOptions } from './clip.js';
export { LABELS, type Label } from './labels.js';
export { frameCount, type MovingOptions, renderMoving } from './moving.js';
export { renderStill } from './render.js';
