import { isIP } from 'node:net';
import { list, type Setting, type Settings, text } from '@framebus/contract/service';
import type { CameraRules } from './allowed-cameras.js';
import { parseNetwork } from './camera-address.js';

const kinds = ['public', 'private', 'loopback'] as const;
type Kind = (typeof kinds)[number];

/** Where cameras may be. */
export const cameraSettings = {
  streamSchemes: words('STREAM_SCHEMES', 'rtsp,rtsps', 'schemes that cameras may have', [
    'rtsp',
    'rtsps',
  ]),
  streamHosts: each(
    'STREAM_HOSTS',
    'hosts that cameras may be on, separated by commas: names, `*.example.org`, addresses, networks such as 10.1.0.0/16; empty: any',
    'names, addresses and networks, separated by commas',
    parseHost,
  ),
  streamPorts: each(
    'STREAM_PORTS',
    'ports that cameras may have, separated by commas, such as 554,8554-8559; empty: any',
    'ports or ranges of them from 1 to 65535, separated by commas',
    parseRange,
  ),
  streamAddresses: words(
    'STREAM_ADDRESSES',
    '',
    'addresses that cameras may have: `public`, `private`, `loopback`; empty: public and private ones, and loopback too while INGEST_HOST is loopback',
    kinds,
  ) as Setting<readonly Kind[]>,
  streamTlsCa: text(
    'STREAM_TLS_CA',
    '',
    'PEM file of the authorities, or of the cameras themselves, that sign the certificates of rtsps:// cameras; empty: certificates are not checked',
  ),
} satisfies Settings;

/** The rules that the settings give. */
export function cameraRules(
  config: Omit<CameraRules, 'streamAddresses'> & {
    readonly streamAddresses: readonly Kind[];
    readonly host: string;
  },
): CameraRules {
  const { streamSchemes, streamHosts, streamPorts, streamAddresses, streamTlsCa, host } = config;
  const local = /^(?:localhost|127\.[\d.]+|::1)$/.test(host);
  const byDefault: readonly Kind[] = local ? kinds : ['public', 'private'];
  const addresses = streamAddresses.length > 0 ? streamAddresses : byDefault;
  return { streamSchemes, streamHosts, streamPorts, streamAddresses: addresses, streamTlsCa };
}

function words<T extends string>(
  name: string,
  fallback: string,
  about: string,
  known: readonly T[],
): Setting<readonly T[]> {
  const setting = list(name, fallback, about);
  return {
    ...setting,
    expected: `some of ${known.join(', ')}, separated by commas`,
    parse: (text) =>
      setting.parse(text).map((word) => {
        const found = known.find((one) => one === word.toLowerCase());
        if (found === undefined) throw new RangeError(word);
        return found;
      }),
  };
}

function each<T>(
  name: string,
  about: string,
  expected: string,
  parse: (word: string) => T,
): Setting<readonly T[]> {
  const setting = list(name, '', about);
  return { ...setting, expected, parse: (text) => setting.parse(text).map(parse) };
}

function parseHost(word: string): string {
  const host = word.toLowerCase();
  if (isIP(host.replace(/\/\d+$/, '')) !== 0) parseNetwork(host);
  else if (!/^(?:\*\.)?[a-z0-9._-]+$/.test(host)) throw new RangeError(word);
  return host;
}

function parseRange(word: string): readonly [number, number] {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
  const range = [Number(first), Number(last)] as const;
  if (!(range[0] >= 1 && range[0] <= range[1] && range[1] <= 65_535)) throw new RangeError(word);
  return range;
}
