import { number, type Settings, text } from '@framebus/contract/service';
import { fileSettings } from './file-settings.js';

export const settings = {
  port: number('PROXY_PORT', 8000, 'port of HTTP and WebSocket; 0 takes a free one', {
    max: 65_535,
  }),
  host: text('GATEWAY_HOST', '127.0.0.1', 'address that the gateway listens on'),
  tlsPort: number('PROXY_TLS_PORT', 0, 'port of HTTPS and WSS; 0 is off', { max: 65_535 }),
  tlsCert: text('TLS_CERT', '', 'PEM file of the certificate, for PROXY_TLS_PORT'),
  tlsKey: text('TLS_KEY', '', "PEM file of the certificate's private key, for PROXY_TLS_PORT"),
  adminPort: number(
    'ADMIN_PORT',
    8001,
    'port of the read-only admin API, on 127.0.0.1 only; 0 is off',
    { max: 65_535 },
  ),
  statusPort: number(
    'STATUS_PORT',
    0,
    'port of `GET /metrics` and `GET /status`, on GATEWAY_HOST, for who watches from elsewhere; 0 is off: the admin API has both',
    { max: 65_535 },
  ),
  ...fileSettings,
} satisfies Settings;
