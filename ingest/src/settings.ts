import {
  type ConfigOf,
  choice,
  natsSettings,
  number,
  type Settings,
  text,
} from '@framebus/contract/service';
import { cameraSettings } from './camera-settings.js';

/** Settings of ingest. */
export const settings = {
  ...natsSettings,
  host: text('INGEST_HOST', '127.0.0.1', 'address on which the control API listens'),
  port: number('INGEST_PORT', 8081, 'port of the control API; 0 takes a free one', { max: 65_535 }),
  ingestId: text('INGEST_ID', '', 'name of this ingest, unlike any other; empty: made up'),
  ...cameraSettings,
  maxSessions: number('MAX_SESSIONS', 500, 'most sessions that run at once, over all ingests', {
    min: 1,
  }),
  hwaccel: choice(
    'INGEST_HWACCEL',
    ['none', 'auto', 'cuda', 'vaapi', 'qsv', 'vdpau', 'drm', 'vulkan', 'videotoolbox'],
    'none',
    "hardware decoder, as ffmpeg's -hwaccel names it",
  ),
  rtsp: choice(
    'INGEST_RTSP',
    ['framebus', 'ffmpeg'],
    'framebus',
    "who speaks RTSP with H.264 and H.265 cameras; ffmpeg's own is a frame interval slower",
  ),
  ffmpegPath: text('FFMPEG_PATH', 'ffmpeg', 'ffmpeg program'),
  frameTimeoutMs: number(
    'FRAME_TIMEOUT_MS',
    10_000,
    'ms without a frame after which a camera is read anew',
    { min: 500, max: 600_000 },
  ),
} satisfies Settings;

export type IngestConfig = ConfigOf<typeof settings>;
