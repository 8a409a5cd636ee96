import type { HeaderList } from './header-list.js';

/** Headers that are about one connection, RFC 9110 section 7.6.1, and those that nginx drops. */
const names = [
  'connection',
  'keep-alive',
  'proxy',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Takes away what must not be passed on, the headers that `Connection` names included. */
export function dropHopByHop(headers: HeaderList): void {
  const named = headers
    .all('connection')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of [...named, ...names]) headers.delete(name);
}
