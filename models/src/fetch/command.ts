import { parseArgs } from 'node:util';
import { ConfigError, type ConfigOf, readSettings } from '@framebus/contract/service';
import { listedModel } from '../models.js';
import { elsewhere } from './elsewhere.js';
import { type FetchOptions, fetchModel } from './fetch.js';
import { ModelHost } from './host.js';
import { Progress } from './progress.js';
import { type Proxies, proxiesOf } from './proxies.js';
import { folderOf, settings } from './settings.js';

const help = `Fetches a model: npm run models:fetch NAME
npm run models:list tells the names. Files come to models/fetched/NAME/model.onnx; detectors then run
with DETECTOR_MODEL=NAME. Ctrl-C leaves what came, and the same command goes on from there.

  npm run models:fetch -- NAME --allow-unverified   takes a file whose SHA-256 nobody tells

Settings (environment variables):
${Object.values(settings)
  .map(
    ({ name, fallback, about }) => `  ${name.padEnd(18)} ${about}${fallback && ` (${fallback})`}`,
  )
  .join('\n')}
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY: proxies`;

const firstDelayMs = 1_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** `npm run models:fetch`. @returns exit code: 0 it is here, 1 it is not, 2 wrong words or settings, 130 stopped */
export async function fetchCommand(args: readonly string[], env: Environment): Promise<number> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' }, 'allow-unverified': { type: 'boolean' } },
    });
    const [name] = positionals;
    if (values.help || positionals.length !== 1 || name === undefined) {
      say(help);
      return values.help ? 0 : 2;
    }
    const words = elsewhere.get(name);
    if (words !== undefined) {
      say(words);
      return 1;
    }
    const config = readSettings(settings, env);
    await fetchNamed(name, config, {
      proxies: proxiesOf(env),
      allowUnverified: values['allow-unverified'] ?? false,
      signal: stop.signal,
      say,
    });
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      say('stopped; the same command goes on from here');
      return 130;
    }
    say(`models:fetch: ${(error as Error).message}`);
    return isMisuse(error) ? 2 : 1;
  }
}

interface How extends Pick<FetchOptions, 'allowUnverified' | 'signal' | 'say'> {
  readonly proxies: Proxies;
}

async function fetchNamed(
  name: string,
  config: ConfigOf<typeof settings>,
  { proxies, ...how }: How,
) {
  const model = await listedModel(name, folderOf(config.dir));
  await using host = new ModelHost(config.timeoutMs, proxies);
  await fetchModel(model, {
    ...how,
    baseUrl: config.baseUrl,
    host,
    retries: { tries: config.tries, delayMs: firstDelayMs },
    progress: new Progress(process.stderr),
  });
}

function isMisuse(error: unknown): boolean {
  const { code } = error as { code?: string };
  return error instanceof ConfigError || (code?.startsWith('ERR_PARSE_ARGS') ?? false);
}
