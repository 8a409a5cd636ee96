import { setTimeout as sleep } from 'node:timers/promises';
import { accepts } from './ports.js';
import type { LocalConfig } from './settings.js';
import { demoName } from './stack.js';

/** A part of the stack did not come up in time. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
  readonly code = 'NOT_READY';
}

const timeoutMs = 60_000;

/** Polls until `probe` says yes. @throws NotReadyError after a minute, AbortError */
async function until(what: string, signal: AbortSignal, probe: () => Promise<boolean>) {
  const deadline = performance.now() + timeoutMs;
  while (!(await probe().catch(() => false))) {
    if (performance.now() > deadline) throw new NotReadyError(`${what} not within a minute`);
    await sleep(100, undefined, { signal });
  }
}

export async function serversReady(config: LocalConfig, signal: AbortSignal): Promise<void> {
  await until('nats-server', signal, () => accepts(config.natsPort));
  await until('RTSP server', signal, () => accepts(config.rtspPort));
}

/** Every service answers through the gateway, and every detector has been seen. */
export async function servicesReady(config: LocalConfig, signal: AbortSignal): Promise<void> {
  const base = `http://127.0.0.1:${config.proxyPort}`;
  await until('viewer page', signal, async () => (await fetch(`${base}/`)).ok);
  await until('llm', signal, async () => (await fetch(`${base}/healthz`)).ok);
  await until('detectors', signal, async () => {
    const answer = await fetch(`${base}/api/v1/video/health`);
    const health = (await answer.json()) as { detectors: unknown[] };
    return health.detectors.length >= config.detectors;
  });
}

/** Starts the demo's session. One that runs in another way is left as it is, unless its camera has moved with RTSP_PORT. */
export async function startDemo(config: LocalConfig): Promise<void> {
  const base = `http://127.0.0.1:${config.proxyPort}/api/v1/video`;
  const stream_url = `rtsp://localhost:${config.rtspPort}/${demoName}`;
  const headers = { 'Content-Type': 'application/json', apikey: config.videoKey };
  const post = (call: string, body: object) =>
    fetch(`${base}/${call}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const start = () => post('start', { session_id: demoName, stream_url });
  if ((await start()).status !== 409) return;
  const found = await fetch(`${base}/sessions/${demoName}`, { headers });
  const session = (await found.json()) as { stream_url: string };
  if (session.stream_url === stream_url) return;
  await post('stop', { session_id: demoName });
  await start();
}
