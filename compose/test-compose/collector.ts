import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repositoryFile } from '@framebus/test';
import { parse, stringify } from 'yaml';
import { command } from './command.js';
import { goEnv, kept } from './go-program.js';

/** Parts that come with the collector itself; all others are of its contrib repository. */
const core = ['otlp', 'otlphttp', 'debug', 'batch', 'memory_limiter', 'forward'];
const kinds = ['receivers', 'processors', 'connectors', 'exporters', 'extensions'] as const;

/** Path of an OpenTelemetry collector of a version with the parts that compose's file names, by the collector's own builder. */
export async function collector(version: string): Promise<string> {
  const file = repositoryFile('compose/observability/otel-collector.yaml');
  const config = parse(await readFile(file, 'utf8')) as Partial<
    Record<(typeof kinds)[number], Record<string, unknown>>
  >;
  const modules = Object.fromEntries(
    kinds.map((kind) => [kind, modulesOf(kind, Object.keys(config[kind] ?? {}), version)]),
  );
  const manifest = { dist: { name: 'otelcol', output_path: './built' }, ...modules };
  const hash = createHash('sha256').update(stringify(manifest)).digest('hex').slice(0, 8);
  return kept(`otelcol-${version}-${hash}`, async (go, work) => {
    await writeFile(join(work, 'builder.yaml'), stringify(manifest));
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`;
    // The builder calls `go` by itself.
    const env = { ...goEnv, PATH: `${dirname(go)}:${process.env.PATH}` };
    await command('nice', [go, 'run', builder, '--config', 'builder.yaml'], {
      env,
      cwd: work,
      timeoutMs: 1_200_000,
    });
    return join(work, 'built', 'otelcol');
  });
}

/** @param ids such as `otlp/jaeger`: the type, and a name of one of several */
function modulesOf(kind: string, ids: readonly string[], version: string) {
  const types = new Set(ids.map((id) => id.split('/')[0] ?? ''));
  const singular = kind.slice(0, -1);
  return [...types].map((type) => {
    const repository = core.includes(type)
      ? 'go.opentelemetry.io/collector'
      : 'github.com/open-telemetry/opentelemetry-collector-contrib';
    return {
      gomod: `${repository}/${singular}/${type.replaceAll('_', '')}${singular} v${version}`,
    };
  });
}
