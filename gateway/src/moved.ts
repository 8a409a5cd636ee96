import { ConfigError } from '@framebus/contract/service';
import type { WrittenDeclaration } from './schema.js';
import type { Upstreams } from './upstreams.js';

type WrittenService = NonNullable<WrittenDeclaration['services']>[number];

/** Puts services of the file where they are, in place. @throws ConfigError */
export function moveServices(file: WrittenDeclaration, upstreams: Upstreams): void {
  const services = file.services ?? [];
  const mistakes: string[] = [];
  for (const [name, addresses] of upstreams) {
    const service = services.find((service) => service.name === name);
    const listed = services.map((service) => service.name).join(', ');
    const mistake =
      service === undefined ? `the file's services are ${listed}` : move(file, service, addresses);
    if (mistake !== undefined) mistakes.push(`UPSTREAMS names ${name}: ${mistake}`);
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

/** What is wrong with the addresses, if anything. */
function move(
  file: WrittenDeclaration,
  service: WrittenService,
  addresses: readonly URL[],
): string | undefined {
  const url = new URL(service.url);
  const stranger = addresses.find(({ pathname }) => !isStem(pathname, url.pathname));
  if (stranger !== undefined)
    return `its path begins with ${url.pathname}, not ${stranger.pathname}`;
  const upstream = file.upstreams?.find(({ name }) => name === url.hostname);
  const targets = addresses.map(({ hostname, port }) => ({ target: `${hostname}:${port || 80}` }));
  if (upstream !== undefined) upstream.targets = targets;
  if (addresses.length === 0) return answerInstead(service);
  if (upstream !== undefined) return undefined;
  if (addresses.length > 1) return 'the file has no upstream with that name for several addresses';
  service.url = `http://${targets[0]?.target}${url.pathname}`;
  return undefined;
}

/** Whether a path is how another begins; "/" is how all do. */
function isStem(stem: string, path: string): boolean {
  const bare = stem.replace(/\/$/, '');
  return path === bare || path.startsWith(`${bare}/`);
}

function answerInstead(service: WrittenService): string | undefined {
  const answer = service.plugins?.find(({ name }) => name === 'request-termination');
  if (answer === undefined) return 'expected an address; it has no request-termination to turn on';
  answer.enabled = true;
  return undefined;
}
