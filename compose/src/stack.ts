import { join } from 'node:path';
import type { MemberSpec } from './member.js';
import { detectorPortsOf } from './ports.js';
import { findProgram, repositoryFile } from './programs.js';
import type { LocalConfig } from './settings.js';

const telemetry = 'contract/dist/src/service/telemetry.js';

/** Name of the demo's session and of its path on the RTSP server. */
export const demoName = 'demo';

/** Inference takes every core that it is given: cameras, viewers and what starts anew come first. */
export const detectorNice = 10;

/** The processes of the local stack, in groups that may start together; a group waits for the one before. */
export function stackOf(config: LocalConfig, searchPath: string): MemberSpec[][] {
  const service = (name: string, main: string, env: Record<string, string>): MemberSpec => ({
    name,
    command: process.execPath,
    args: [
      ...(config.telemetry ? ['--import', repositoryFile(telemetry)] : []),
      repositoryFile(main),
    ],
    env: { OTEL_SERVICE_NAME: name, ...env },
  });
  const natsUrl = `nats://127.0.0.1:${config.natsPort}`;
  const env = { NATS_URL: natsUrl };
  const detectorPorts = detectorPortsOf(config);
  const detectors = Array.from({ length: config.detectors }, (_, i) => ({
    ...service(`detector-${i + 1}`, 'detector/dist/src/main.js', {
      ...env,
      DETECTOR_PORT: `${detectorPorts[i] ?? 0}`,
    }),
    nice: detectorNice,
  }));
  return [
    [natsServer(config, searchPath), rtspServer(config, searchPath)],
    [
      service('ingest', 'ingest/dist/src/main.js', { ...env, INGEST_PORT: `${config.ingestPort}` }),
      ...detectors,
      service('fanout', 'fanout/dist/src/main.js', {
        ...env,
        FANOUT_PORT: `${config.fanoutPort}`,
        // Who can reach the gateway on loopback may know the key.
        VIEWER_API_KEY: config.gatewayHost === '127.0.0.1' ? config.videoKey : '',
        ...liveVideo(config, searchPath),
      }),
      service('llm', 'llm/dist/src/main.js', { LLM_PORT: `${config.llmPort}` }),
      service('gateway', 'gateway/dist/src/main.js', {
        PROXY_PORT: `${config.proxyPort}`,
        ADMIN_PORT: `${config.adminPort}`,
        UPSTREAMS: [
          `ingest=http://127.0.0.1:${config.ingestPort}`,
          `fanout=http://127.0.0.1:${config.fanoutPort}`,
          `llm=http://127.0.0.1:${config.llmPort}`,
          `vllm=${config.vllmUrl}`,
        ].join(','),
      }),
    ],
    config.demo ? [demoCamera(config)] : [],
  ];
}

function natsServer(config: LocalConfig, searchPath: string): MemberSpec {
  return {
    name: 'nats-server',
    command: findProgram('nats-server', searchPath) ?? 'nats-server',
    args: [
      ...['--config', repositoryFile('compose/local/nats.conf')],
      ...['--addr', '127.0.0.1', '--port', `${config.natsPort}`],
      ...['--store_dir', join(config.dataDir, 'nats')],
    ],
  };
}

function rtspServer(config: LocalConfig, searchPath: string): MemberSpec {
  const mediamtx = findProgram('mediamtx', searchPath);
  if (mediamtx === undefined) {
    return {
      name: 'rtsp',
      command: process.execPath,
      args: [repositoryFile('compose/dist/src/relay/main.js')],
      env: { RTSP_PORT: `${config.rtspPort}` },
    };
  }
  return {
    name: 'rtsp',
    command: mediamtx,
    args: [repositoryFile('compose/mediamtx.yml')],
    env: {
      MTX_RTSPADDRESS: `127.0.0.1:${config.rtspPort}`,
      MTX_WEBRTCADDRESS: `127.0.0.1:${config.webrtcPort}`,
      MTX_WEBRTCLOCALUDPADDRESS: `127.0.0.1:${config.webrtcPort}`,
      MTX_WEBRTCLOCALTCPADDRESS: '',
      MTX_API: 'false',
      MTX_METRICS: 'false',
    },
  };
}

/** Where the viewer page, opened on this machine, plays the cameras that are pushed to MediaMTX. */
function liveVideo(config: LocalConfig, searchPath: string): Record<string, string> {
  if (findProgram('mediamtx', searchPath) === undefined) return {};
  const hosts = ['localhost', '127.0.0.1'];
  return {
    WEBRTC_URL: `http://localhost:${config.webrtcPort}`,
    WEBRTC_RTSP_URLS: hosts.map((host) => `rtsp://${host}:${config.rtspPort}`).join(','),
  };
}

function demoCamera(config: LocalConfig): MemberSpec {
  return {
    name: 'demo-camera',
    command: 'ffmpeg',
    args: [
      ...['-hide_banner', '-nostdin', '-loglevel', 'warning'],
      ...['-re', '-stream_loop', '-1', '-i', repositoryFile('models/nano/demo.mp4')],
      // A picture in one packet: ffmpeg leaves Nagle's algorithm on, which holds a second one back for up to 40 ms.
      ...['-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp', '-pkt_size', '60000'],
      `rtsp://127.0.0.1:${config.rtspPort}/${demoName}`,
    ],
  };
}
