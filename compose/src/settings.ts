import {
  type ConfigOf,
  flag,
  number,
  type Setting,
  type Settings,
  text,
} from '@framebus/contract/service';

const port = (name: string, fallback: number, of: string): Setting<number> =>
  number(name, fallback, `port of ${of} on this machine`, { min: 1, max: 65_535 });

/** Settings of `npm start`. The variables of the services are handed on to them. */
export const settings = {
  detectors: number('DETECTORS', 1, 'detectors that `npm start` runs', { min: 1, max: 64 }),
  demo: flag(
    'DEMO',
    true,
    'whether `npm start` publishes the demo clip as a camera and analyses it',
  ),
  dataDir: text('DATA_DIR', '.framebus', 'folder of `npm start` for JetStream and logs'),
  natsPort: port('NATS_PORT', 4222, 'nats-server'),
  rtspPort: port('RTSP_PORT', 8554, 'the RTSP server'),
  webrtcPort: port(
    'WEBRTC_PORT',
    8889,
    "MediaMTX's WebRTC, TCP and UDP, where `mediamtx` is on the PATH,",
  ),
  ingestPort: port('INGEST_PORT', 8081, 'ingest'),
  llmPort: port('LLM_PORT', 8082, 'the LLM mock'),
  fanoutPort: port('FANOUT_PORT', 8084, 'fanout'),
  detectorPorts: number(
    'DETECTOR_PORTS',
    8085,
    'port of `/metrics` and `/readyz` of the first detector of `npm start` on this machine; the next ones have the next; 0: none',
    { max: 65_472 },
  ),
  proxyPort: port('PROXY_PORT', 8000, 'the gateway'),
  adminPort: port('ADMIN_PORT', 8001, "the gateway's admin API"),
  gatewayHost: text('GATEWAY_HOST', '127.0.0.1', 'address that the gateway listens on'),
  vllmUrl: text(
    'VLLM_URL',
    '',
    'vLLM, such as `http://127.0.0.1:8083`, behind `/v2/chat/completions`; empty: none, the answer is 503',
  ),
  telemetry: flag(
    'TELEMETRY',
    false,
    'whether `npm start` loads the OpenTelemetry SDK into the services; `OTEL_*` set it',
  ),
  videoKey: {
    ...text('VIDEO_API_KEY', 'video-api-key-001', 'keys of the video API, separated by commas'),
    // The gateway takes all of them; one is enough for the page.
    parse: (keys: string) => keys.split(',')[0]?.trim() ?? '',
  },
} satisfies Settings;

export type LocalConfig = ConfigOf<typeof settings>;
