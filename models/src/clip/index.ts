export { type Box, iou } from './box.js';
export { type ClipOptions, makeClip } from './clip.js';
export { readFrameNumber } from './counter.js';
export { demoClip } from './demo.js';
export { type Found, type Match, matchBoxes } from './match.js';
export { type GroundTruth, readGroundTruth, type TrueObject } from './truth.js';
