import { number, type Settings, text } from '@framebus/contract/service';
import { defaultLimits } from './limits.js';

export const settings = {
  host: text('RTSP_HOST', '127.0.0.1', 'address that the RTSP relay listens on'),
  port: number('RTSP_PORT', 8554, 'port that the RTSP relay listens on', { max: 65_535 }),
  maxReaderBytes: number(
    'RTSP_MAX_READER_BYTES',
    defaultLimits.maxReaderBytes,
    'bytes that may wait for one reader of the RTSP relay; past it packets are dropped up to the next key frame',
    { min: 65_536 },
  ),
  maxConnections: number(
    'RTSP_MAX_CONNECTIONS',
    defaultLimits.maxConnections,
    'publishers and readers of the RTSP relay at once',
    { min: 1 },
  ),
} satisfies Settings;
