import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import { collector } from './collector.js';
import { goProgram } from './go-program.js';

/** A program of the profile `observability`, and what its image holds and says. */
export interface Observer {
  readonly image: string;
  readonly name: string;
  /** User and group in the image. */
  readonly user: number;
  /** Files of this machine by their paths in the image. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders that belong to the user. */
  readonly volumes: readonly string[];
  readonly changes: readonly string[];
}

/** Collector, Prometheus and Jaeger as `compose` pins them, built from the Go module proxy. Grafana is not there. */
export async function observers(
  compose: string,
  say: (words: string) => void,
): Promise<readonly Observer[]> {
  const find = (name: string) => imageIn(compose, name);

  const { image: collectorImage, version } = find('otel/opentelemetry-collector-contrib');
  say(`${collectorImage}: a collector ${version.join('.')} of the parts that its file names`);
  const otelcol = await collector(version.join('.'));

  const prometheus = find('prom/prometheus');
  say(`${prometheus.image}: Prometheus without its page and its discovery of clouds`);
  const server = await ofPrometheus(compose, 'prometheus');

  const jaeger = find('jaegertracing/jaeger');
  say(`${jaeger.image}: Jaeger without its page`);
  // Each 2.x was also released as 1.(x + 63), the module's version.
  const jaegerVersion = `v1.${(jaeger.version[1] ?? 0) + 63}.${jaeger.version[2]}`;
  const query = `github.com/jaegertracing/jaeger@${jaegerVersion}`;
  const jaegerServer = await goProgram('jaeger', query, './cmd/jaeger');

  return [
    {
      ...{ image: collectorImage, name: 'otelcol', user: 10_001, volumes: [] },
      files: { 'otelcol-contrib': otelcol },
      changes: ['ENTRYPOINT ["/otelcol-contrib"]'],
    },
    {
      ...{ image: prometheus.image, name: 'prometheus', user: 65_534, volumes: ['prometheus'] },
      files: { 'bin/prometheus': server },
      changes: ['ENTRYPOINT ["/bin/prometheus"]'],
    },
    {
      ...{ image: jaeger.image, name: 'jaeger', user: 10_001, volumes: [] },
      files: { 'cmd/jaeger/jaeger-linux': jaegerServer },
      changes: ['ENV JAEGER_LISTEN_HOST=0.0.0.0', 'ENTRYPOINT ["/cmd/jaeger/jaeger-linux"]'],
    },
  ];
}

/** Path of promtool as compose's file pins Prometheus. */
export async function promtool(): Promise<string> {
  const compose = await readFile(repositoryFile('compose/compose.yaml'), 'utf8');
  return ofPrometheus(compose, 'promtool');
}

/** Path of a program of Prometheus, without its page and its discovery of clouds. */
function ofPrometheus(compose: string, name: 'prometheus' | 'promtool'): Promise<string> {
  const [major = 0, minor = 0, patch = 0] = imageIn(compose, 'prom/prometheus').version;
  const module = `github.com/prometheus/prometheus@v0.${100 * major + minor}.${patch}`;
  return goProgram(name, module, `./cmd/${name}`, 'remove_all_sd,enable_dns_sd');
}

function imageIn(compose: string, name: string) {
  const pattern = new RegExp(`image: (${name}:v?(\\d+)\\.(\\d+)\\.(\\d+))$`, 'm');
  const [, image = '', ...version] = pattern.exec(compose) ?? [];
  return { image, version: version.map(Number) };
}
