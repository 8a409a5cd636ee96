import { connect, createServer } from 'node:net';
import { ConfigError } from '@framebus/contract/service';
import type { LocalConfig } from './settings.js';

/** Which setting moves which port. Without MediaMTX its WebRTC port is not among them. */
export function portsOf(config: LocalConfig, hasMediaMtx = true) {
  const webrtc = {
    port: config.webrtcPort,
    setting: 'WEBRTC_PORT',
    of: "MediaMTX's WebRTC",
  };
  return [
    { port: config.natsPort, setting: 'NATS_PORT', of: 'nats-server' },
    { port: config.rtspPort, setting: 'RTSP_PORT', of: 'the RTSP server' },
    ...(hasMediaMtx ? [webrtc] : []),
    { port: config.ingestPort, setting: 'INGEST_PORT', of: 'ingest' },
    { port: config.llmPort, setting: 'LLM_PORT', of: 'llm' },
    { port: config.fanoutPort, setting: 'FANOUT_PORT', of: 'fanout' },
    ...detectorPortsOf(config).map((port, i) => ({
      ...{ port, setting: 'DETECTOR_PORTS', of: `detector ${i + 1}` },
    })),
    { port: config.proxyPort, setting: 'PROXY_PORT', of: 'the gateway' },
    { port: config.adminPort, setting: 'ADMIN_PORT', of: "the gateway's admin API" },
  ];
}

/** Ports of `/metrics` of the detectors, in their order; none where they have none. */
export function detectorPortsOf({ detectors, detectorPorts }: LocalConfig): number[] {
  return detectorPorts === 0 ? [] : Array.from({ length: detectors }, (_, i) => detectorPorts + i);
}

/** @throws ConfigError naming every port that is taken, with the setting that moves it */
export async function checkPorts(config: LocalConfig, hasMediaMtx: boolean): Promise<void> {
  const mistakes: string[] = [];
  const seen = new Map<number, string>();
  for (const { port, setting, of } of portsOf(config, hasMediaMtx)) {
    const other = seen.get(port);
    if (other !== undefined) mistakes.push(`${setting} and ${other} are both ${port}`);
    else if (!(await isFree(port))) {
      mistakes.push(
        `port ${port} for ${of} is taken: end what holds it or set ${setting} to another`,
      );
    }
    seen.set(port, setting);
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether something takes connections there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
