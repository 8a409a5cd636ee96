import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freePort, repositoryFile, scrape, until } from '@framebus/test';
import t from 'tap';

const ports = ['NATS', 'RTSP', 'WEBRTC', 'INGEST', 'LLM', 'FANOUT', 'PROXY', 'ADMIN'];

/** A free port whose next one is free too. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const next = createServer().listen(port + 1, '127.0.0.1');
    const free = await once(next, 'listening').catch(() => undefined);
    next.close();
    if (free !== undefined) return port;
  }
}

async function environment(dataDir: string): Promise<Record<string, string>> {
  const env: Record<string, string> = { DATA_DIR: dataDir, DETECTORS: '2' };
  for (const name of ports) env[`${name}_PORT`] = `${await freePort()}`;
  env.DETECTOR_PORTS = `${await freePair()}`;
  return env;
}

/** `npm start` in a process group of its own, as a shell runs it. */
function npmStart(env: Record<string, string>) {
  const child = spawn('npm', ['start'], {
    cwd: repositoryFile(''),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const run = { child, output: '', pid: child.pid as number };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      run.output += chunk;
    });
  }
  return run;
}

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** All processes whose environment has this folder: those that one `npm start` started. */
async function processesOf(dataDir: string): Promise<Process[]> {
  const found: Process[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!pid || pid === process.pid) continue;
    try {
      const environ = await readFile(`/proc/${pid}/environ`, 'utf8');
      if (!environ.includes(`DATA_DIR=${dataDir}\0`)) continue;
      found.push({
        pid,
        command: (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' '),
      });
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

t.test(
  'npm start shows a camera, keeps its processes running and leaves none behind',
  async (t) => {
    const dataDir = t.testdir();
    const env = await environment(dataDir);
    const run = npmStart(env);
    t.teardown(async () => {
      for (const { pid } of await processesOf(dataDir)) process.kill(pid, 'SIGKILL');
    });
    await until('it says that it is up', () => run.output.includes('framebus is up'), {
      timeoutMs: 90_000,
    });
    const base = `http://localhost:${env.PROXY_PORT}`;
    t.match(run.output, `${base}/`, 'the viewer’s address');
    t.match(run.output, /curl http/);
    t.match(run.output, /nats .*sub 'detections\.>'/);

    await t.test('the lines of the README work', async (t) => {
      const health = await fetch(`${base}/api/v1/video/health`);
      t.match(await health.json(), {
        status: 'healthy',
        model_loaded: true,
        detectors: { length: 2 },
      });
      const detectorPort = Number(env.DETECTOR_PORTS);
      for (const port of [detectorPort, detectorPort + 1]) {
        t.ok((await scrape(`http://localhost:${port}`)).has('framebus_detector_info'), '/metrics');
      }
      const apikey = 'video-api-key-001';
      const start = await fetch(`${base}/api/v1/video/start`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', apikey },
        body: `{"stream_url": "rtsp://localhost:${env.RTSP_PORT}/camera", "enable_drawing": true}`,
      });
      t.equal(start.status, 200);
      const { session_id } = (await start.json()) as { session_id: string };
      const publisher = spawn('ffmpeg', [
        ...['-v', 'error', '-re', '-stream_loop', '-1'],
        ...['-i', repositoryFile('models/shapes/demo.mp4'), '-c', 'copy'],
        ...['-f', 'rtsp', '-rtsp_transport', 'tcp', `rtsp://localhost:${env.RTSP_PORT}/camera`],
      ]);
      t.teardown(() => publisher.kill('SIGKILL'));
      const sessions = `${base}/api/v1/video/sessions`;
      const history = `${sessions}/${session_id}/detections`;
      await until(
        'detections of it',
        async () => {
          const answer = await fetch(history, { headers: { apikey } });
          return ((await answer.json()) as { detections: unknown[] }).detections.length > 5;
        },
        { timeoutMs: 60_000, everyMs: 1_000 },
      );
      const stop = await fetch(`${base}/api/v1/video/stop`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', apikey },
        body: JSON.stringify({ session_id }),
      });
      t.match(await stop.json(), { session_id, status: 'stopped' });

      const chat = (path: string, stream: boolean) =>
        fetch(`${base}${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', apikey: 'llm-api-key-001' },
          body: JSON.stringify({
            model: 'mock-llm',
            messages: [{ role: 'user', content: 'Hello!' }],
            stream,
          }),
        });
      const streamed = await (await chat('/v1/chat/completions', true)).text();
      t.match(streamed, /"content":"Echo:"/);
      t.match(streamed, /data: \[DONE\]\n\n$/);
      const refused = await chat('/v2/chat/completions', false);
      t.equal(refused.status, 503, 'no vLLM is there');
      t.match(await refused.json(), { error: { code: 'vllm_not_running' } });
    });

    await t.test('a process that dies is started again, and said so', async (t) => {
      const detector = (await processesOf(dataDir)).find(({ command }) =>
        command.includes('detector/dist/src/main.js'),
      );
      process.kill(detector?.pid as number, 'SIGKILL');
      await until('it is said', () => /detector-\d ended \(SIGKILL\)/.test(run.output));
      const again = await until('two detectors again', async () => {
        const health = await fetch(`${base}/api/v1/video/health`);
        const { detectors } = (await health.json()) as { detectors: unknown[] };
        return detectors.length === 2;
      });
      t.ok(again);
    });

    await t.test('Ctrl-C stops everything', async (t) => {
      const before = await processesOf(dataDir);
      t.ok(before.length >= 10, `${before.length} processes`);
      const closed = once(run.child, 'exit');
      process.kill(-run.pid, 'SIGINT');
      await closed;
      t.same(await processesOf(dataDir), []);
    });
  },
);

t.test('npm start names every port that is taken and the setting that moves it', async (t) => {
  const dataDir = t.testdir();
  const env = await environment(dataDir);
  const holder = createServer().listen(Number(env.PROXY_PORT), '127.0.0.1');
  t.teardown(() => holder.close());
  const run = npmStart({ ...env, LLM_PORT: env.RTSP_PORT as string });
  const [code] = await once(run.child, 'exit');
  t.equal(code, 1);
  t.match(run.output, `port ${env.PROXY_PORT} for the gateway is taken`);
  t.match(run.output, 'set PROXY_PORT to another');
  t.match(run.output, `LLM_PORT and RTSP_PORT are both ${env.RTSP_PORT}`);
  t.same(await processesOf(dataDir), []);
});
