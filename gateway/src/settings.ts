import { fileURLToPath } from 'node:url';
import { number, type Setting, type Settings, text } from '@framebus/contract/service';
import { parseUpstreams, type Upstreams } from './upstreams.js';

const upstreams: Setting<Upstreams> = {
  name: 'UPSTREAMS',
  about:
    'services of the file that are elsewhere, such as `ingest=http://127.0.0.1:8081,llm=http://127.0.0.1:8082`',
  fallback: '',
  expected: 'pairs name=http://host:port/path separated by commas',
  parse: parseUpstreams,
  secret: false,
};

/** Safe unquoted in YAML, in a URL's query and in a `sed` expression. */
function key(name: string, fallback: string, about: string): Setting<string> {
  return {
    ...text(name, fallback, about),
    expected: '1 to 128 of A-Z a-z 0-9 . _ ~ -',
    parse: (t) => {
      if (!/^[A-Za-z0-9._~-]{1,128}$/.test(t)) throw new RangeError();
      return t;
    },
    secret: true,
  };
}

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
  kongFile: text(
    'KONG_CONFIG',
    fileURLToPath(new URL('../../kong.yml', import.meta.url)),
    "the declarative file, in Kong's format 3.0; default `gateway/kong.yml`",
  ),
  upstreams,
  videoKey: key(
    'VIDEO_API_KEY',
    'video-api-key-001',
    'replaces the text video-api-key-001 in the file',
  ),
  llmKey: key('LLM_API_KEY', 'llm-api-key-001', 'replaces the text llm-api-key-001 in the file'),
} satisfies Settings;
