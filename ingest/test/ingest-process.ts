import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Child, freePort, startService, until } from '@framebus/test';
import type { SessionView } from '../src/session-view.js';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  /** The body as it came. */
  readonly text: string;
}

/** An ingest as a process of its own, and a client of its control API. */
export class IngestProcess implements AsyncDisposable {
  readonly child: Child;
  readonly url: string;

  private constructor(child: Child, url: string) {
    this.child = child;
    this.url = url;
  }

  static async start(
    natsUrl: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<IngestProcess> {
    const port = await freePort();
    const child = await startService('ingest', {
      NATS_URL: natsUrl,
      INGEST_PORT: String(port),
      ...env,
    });
    const ingest = new IngestProcess(child, `http://127.0.0.1:${port}`);
    await until(
      'ingest is ready',
      async () => {
        if (!child.running) throw new Error(`ingest failed: ${child.output}`);
        return (await ingest.call('GET', '/readyz')).status === 200;
      },
      { timeoutMs: 60_000 },
    );
    return ingest;
  }

  /** @param path under /api/v1/video unless it begins with / */
  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const url = this.url + (path.startsWith('/') ? path : `/api/v1/video/${path}`);
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(8_000),
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: (json ? JSON.parse(text) : undefined) as T, text };
  }

  async start(body: Readonly<Record<string, unknown>>): Promise<string> {
    const { status, text } = await this.call('POST', 'start', body);
    if (status !== 200) throw new Error(`start: ${status} ${text}`);
    return (JSON.parse(text) as { session_id: string }).session_id;
  }

  stop(sessionId: string): Promise<Answer<{ status: string }>> {
    return this.call('POST', 'stop', { session_id: sessionId });
  }

  async session(sessionId: string): Promise<SessionView> {
    return (await this.call<SessionView>('GET', `sessions/${sessionId}`)).body;
  }

  /** Process ids of its ffmpegs. */
  ffmpegs(): Promise<number[]> {
    return childrenOf(this.child.process.pid ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child.stop();
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,comm=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === pid && name === 'ffmpeg')
    .map(([child]) => Number(child));
}
