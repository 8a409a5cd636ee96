import { number, type Settings, text } from '@framebus/contract/service';

export const settings = {
  host: text('LLM_HOST', '127.0.0.1', 'address to listen on; 0.0.0.0 is every IPv4 address'),
  port: number('LLM_PORT', 8082, 'TCP port to listen on; 0 takes a free one', { max: 65_535 }),
  bodyLimitBytes: number(
    'LLM_BODY_LIMIT_BYTES',
    4_194_304,
    'largest body of a request, in bytes; a larger one is refused with 413',
    { min: 1024, max: 1_073_741_824 },
  ),
  maxStreams: number(
    'LLM_MAX_STREAMS',
    256,
    'answers under way at once, streamed or plain; one more is refused with 429',
    { min: 1, max: 100_000 },
  ),
} satisfies Settings;
