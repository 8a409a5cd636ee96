import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Child,
  freePort,
  publishTestPicture,
  repositoryFile,
  Stack,
  startService,
  until,
} from '@framebus/test';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { findProgram } from '../../src/programs.js';
import { Prometheus } from '../../test-compose/prometheus.js';
import { testQueries, testRules } from '../../test-compose/queries.js';

const program = findProgram('prometheus', process.env.PATH ?? '');
/** Of what does not run here, besides what the compose tests leave out. */
const others = /^(kong|vllm|paths)[_:]?/;

t.test(
  'dashboard and alert rules work on Prometheus and services that run',
  { skip: program === undefined && 'NOT RUN: prometheus is not installed' },
  async (t) => {
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
    const [detectorPort = 0, adminPort = 0, llmPort = 0, port = 0] = ports;
    await using stack = await Stack.start({
      detectorEnv: { DETECTOR_PORT: `${detectorPort}` },
      gatewayEnv: { ADMIN_PORT: `${adminPort}` },
    });
    await using _llm = await startService('llm', { LLM_PORT: `${llmPort}` });
    const folder = await mkdtemp(join(tmpdir(), 'framebus-prometheus-'));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    // The file of compose, with addresses of this machine in place of names, and looks ten times as often.
    const file = await readFile(repositoryFile('compose/observability/prometheus.yml'), 'utf8');
    const rules = await readFile(repositoryFile('compose/observability/rules.yml'), 'utf8');
    const targets: Readonly<Record<string, string>> = {
      ingest: new URL(stack.ingestUrl).host,
      fanout: new URL(stack.fanoutUrl).host,
      detector: `127.0.0.1:${detectorPort}`,
      gateway: `127.0.0.1:${adminPort}`,
      llm: `127.0.0.1:${llmPort}`,
    };
    const config = parse(file) as Record<string, unknown> & {
      scrape_configs: { job_name: string }[];
    };
    await writeFile(join(folder, 'rules.yml'), rules.replaceAll('for: 1m', 'for: 2s'));
    const jobs = config.scrape_configs.filter(({ job_name }) => job_name in targets);
    const own = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(folder, 'rules.yml')],
      scrape_configs: jobs.map(({ job_name }) => ({
        job_name,
        static_configs: [{ targets: [targets[job_name]] }],
      })),
    };
    await writeFile(join(folder, 'prometheus.yml'), stringify(own));
    await using _prometheus = await Child.start(program ?? '', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`);
    await using _viewer = await stack.view('cam', 'json', 'frames=none');
    await using _camera = await publishTestPicture(stack.rtspUrl('cam'), 10);
    await stack.startSession('cam', stack.rtspUrl('cam'));

    await t.test('Prometheus reaches every service', async (t) => {
      const up = await until(
        'every target is up',
        async () => {
          const all = await prometheus.targets();
          return all.length > 0 && all.every(({ health }) => health === 'up') && all;
        },
        { timeoutMs: 60_000, everyMs: 500 },
      );
      t.equal(up.length, Object.keys(targets).length);
    });
    await testQueries(t, prometheus, others);
    await testRules(t, prometheus);

    await t.test('an alert tells that no detector is ready, and only once it is so', async (t) => {
      const firing = async () => {
        const rules = await prometheus.rules();
        return rules.filter(({ state }) => state === 'firing').map(({ name }) => name);
      };
      t.notOk((await firing()).includes('FramebusNoDetector'));
      await stack.detectors[0]?.stop('SIGKILL');
      const wait = { timeoutMs: 60_000, everyMs: 500 };
      await until('it fires', async () => (await firing()).includes('FramebusNoDetector'), wait);
      await until(
        'so does that',
        async () => (await firing()).includes('FramebusProcessDown'),
        wait,
      );
    });
  },
);
