import {
  type ConfigOf,
  list,
  natsSettings,
  number,
  type Settings,
  secret,
  text,
} from '@framebus/contract/service';
import { webrtcSettings } from './webrtc-settings.js';

export const settings = {
  host: text('FANOUT_HOST', '127.0.0.1', 'address to listen on; 0.0.0.0 is every IPv4 address'),
  port: number('FANOUT_PORT', 8084, 'TCP port of HTTP and WebSocket; 0 takes a free one', {
    max: 65_535,
  }),
  maxViewers: number('MAX_VIEWERS', 2000, 'viewers at once; one more is refused with 503', {
    min: 1,
    max: 100_000,
  }),
  maxBufferedBytes: number(
    'MAX_BUFFERED_BYTES',
    4_194_304,
    'bytes waiting for one viewer beyond which it skips frames; twice as many end it',
    { min: 65_536, max: 1_073_741_824 },
  ),
  viewerBehindMs: number(
    'VIEWER_BEHIND_MS',
    10_000,
    'ms that a viewer may stay behind before it is closed with 1013',
    { min: 100, max: 600_000 },
  ),
  reorderMs: number(
    'REORDER_MS',
    150,
    'longest wait for a missing earlier event of a session, in ms; 0 never waits',
    { max: 10_000 },
  ),
  alertConfidence: number(
    'ALERT_CONFIDENCE',
    0.7,
    'confidence, 0 to 1, from which a detection makes an alert',
    { max: 1, whole: false },
  ),
  alertCooldownMs: number(
    'ALERT_COOLDOWN_MS',
    10_000,
    'least time between two alerts of one session and class, in ms; equal in all fanouts',
    { min: 1_000, max: 86_400_000 },
  ),
  viewerApiKey: secret(
    'VIEWER_API_KEY',
    '',
    'key that anyone who opens the viewer page is given; for loopback only; empty: none',
  ),
  viewerOrigins: list(
    'VIEWER_ORIGINS',
    '',
    'origins whose pages may open WebSockets, separated by commas, such as https://example.org; empty: any, since a page needs a key',
  ),
  ...webrtcSettings,
  ...natsSettings,
} satisfies Settings;

export type FanoutConfig = ConfigOf<typeof settings>;
