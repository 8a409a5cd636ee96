export {
  averagePrecision,
  type ClassPrecision,
  type ImageResult,
  type Precision,
  type PrecisionReport,
} from './average-precision.js';
export type { ScoredFound } from './match-image.js';
