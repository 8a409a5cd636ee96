import { parseArgs } from 'node:util';

/** What the suite is told. */
export interface Options {
  /** Origin of the gateway, such as `http://localhost:8000`. */
  readonly url: URL;
  /** Its HTTPS origin; none: HTTPS is not tried. */
  readonly tlsUrl: URL | undefined;
  readonly videoKey: string;
  readonly llmKey: string;
  /** Name of a model that vLLM serves; none: vLLM's answers are not tried. */
  readonly vllmModel: string | undefined;
  /** Services that are known to be down. */
  readonly down: readonly string[];
  /** Whether a limit is used up to see it refuse. */
  readonly useUp: boolean;
}

export const usage = `npm run test:gateway -- --url http://HOST:8000 [options]

  --tls-url URL     HTTPS origin, tried too; its certificate is not checked
  --video-key KEY   key of the video API; default VIDEO_API_KEY, else the documented one
  --llm-key KEY     key of the LLM routes; default LLM_API_KEY, else the documented one
  --vllm-model NAME a model that vLLM serves: /v2 is tried, plain and streamed
  --down NAMES      services known to be down, of ingest, llm, vllm: their 502 and 503 are tried
  --skip-limit      leave the limit of /v2 as it is; else it is used up for a minute, at the end

Prints TAP. Starts and stops nothing behind the gateway.
`;

const services = ['ingest', 'llm', 'vllm'];

/** @throws Error with words for the caller */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      'tls-url': { type: 'string' },
      'video-key': { type: 'string' },
      'llm-key': { type: 'string' },
      'vllm-model': { type: 'string' },
      down: { type: 'string' },
      'skip-limit': { type: 'boolean' },
    },
  });
  const { url, down = '', 'tls-url': tlsUrl } = values;
  if (url === undefined) throw new Error('--url is missing');
  const names = down.split(',').filter((name) => name !== '');
  const stranger = names.find((name) => !services.includes(name));
  if (stranger !== undefined)
    throw new Error(`--down ${stranger}: expected ${services.join(', ')}`);
  return {
    url: originOf(url, 'http:'),
    tlsUrl: tlsUrl === undefined ? undefined : originOf(tlsUrl, 'https:'),
    videoKey: values['video-key'] ?? firstKey(env.VIDEO_API_KEY) ?? 'video-api-key-001',
    llmKey: values['llm-key'] ?? firstKey(env.LLM_API_KEY) ?? 'llm-api-key-001',
    vllmModel: values['vllm-model'],
    down: names,
    useUp: values['skip-limit'] !== true,
  };
}

function firstKey(keys: string | undefined): string | undefined {
  return keys?.split(',')[0]?.trim() || undefined;
}

function originOf(text: string, protocol: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== protocol || url.pathname !== '/') {
    throw new Error(`${text}: expected ${protocol}//HOST:PORT`);
  }
  return url;
}
