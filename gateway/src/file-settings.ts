import { fileURLToPath } from 'node:url';
import { type ConfigOf, flag, type Setting, type Settings, text } from '@framebus/contract/service';
import { parseUpstreams, type Upstreams } from './upstreams.js';

const upstreams: Setting<Upstreams> = {
  name: 'UPSTREAMS',
  about:
    'services of the file that are elsewhere, such as `ingest=http://127.0.0.1:8081,llm=http://127.0.0.1:8082`; several addresses of one are separated by `\\|`, `vllm=` says that there is none',
  fallback: '',
  expected: 'pairs name=http://host:port separated by commas',
  parse: parseUpstreams,
  secret: false,
};

/** Safe in YAML, in a URL's query and in a header. */
const keyPattern = /^[A-Za-z0-9._~-]{1,128}$/;

function keys(name: string, about: string): Setting<readonly string[]> {
  return {
    ...{ name, about, fallback: '', secret: true },
    expected: '1 to 128 of A-Z a-z 0-9 . _ ~ -, several separated by commas',
    parse: (text) => {
      if (text === '') return [];
      const keys = text.split(',').map((key) => key.trim());
      if (!keys.every((key) => keyPattern.test(key))) throw new RangeError();
      return [...new Set(keys)];
    },
  };
}

/** What is put into the declarative file, and where it is. */
export const fileSettings = {
  kongFile: text(
    'KONG_CONFIG',
    fileURLToPath(new URL('../../kong.yml', import.meta.url)),
    "the declarative file, in Kong's format 3.0; default `gateway/kong.yml`",
  ),
  upstreams,
  videoKeys: keys(
    'VIDEO_API_KEY',
    'keys of the video API, separated by commas; empty: `video-api-key-001` on loopback',
  ),
  llmKeys: keys(
    'LLM_API_KEY',
    'keys of the LLM routes, separated by commas; empty: `llm-api-key-001` on loopback',
  ),
  vllmKey: {
    ...text('VLLM_API_KEY', '', 'key that vLLM is sent; empty: none'),
    expected: '1 to 128 of A-Z a-z 0-9 . _ ~ -',
    parse: (text) => {
      if (text !== '' && !keyPattern.test(text)) throw new RangeError();
      return text;
    },
    secret: true,
  },
  keysFile: text(
    'KEYS_FILE',
    '',
    'file in which keys that are not set are made up and kept; empty: none are',
  ),
  demoKeys: flag('DEMO_KEYS', false, 'whether the documented keys open a public address too'),
} satisfies Settings;

export type FileConfig = ConfigOf<typeof fileSettings>;
