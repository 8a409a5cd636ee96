import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type AddressKind, isInNetwork, kindOfAddress } from './camera-address.js';
import { CameraError } from './camera-error.js';
import { StreamHostError, StreamNotAllowedError } from './errors.js';

/** Each list that is empty allows all, but for addresses. */
export interface CameraRules {
  /** `rtsp`, `rtsps`. */
  readonly streamSchemes: readonly string[];
  /** Names, `*.domain`, addresses and networks, in lower case. */
  readonly streamHosts: readonly string[];
  /** First and last of each range. */
  readonly streamPorts: readonly (readonly [first: number, last: number])[];
  readonly streamAddresses: readonly AddressKind[];
  /** PEM file that certificates of rtsps cameras are checked against; empty: they are not. */
  readonly streamTlsCa: string;
}

const defaultPorts: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322 };

/**
 * Which cameras may be read: by scheme, host and port of their URL, and by the addresses behind it at the time
 * of the connection. The metadata addresses of clouds, link-local and multicast ones never are.
 */
export class AllowedCameras {
  readonly #rules: CameraRules;
  readonly #names: readonly string[];
  readonly #networks: readonly string[];

  constructor(rules: CameraRules) {
    this.#rules = rules;
    this.#networks = rules.streamHosts.filter(isNetwork);
    this.#names = rules.streamHosts.filter((host) => !isNetwork(host));
  }

  /** PEM file of authorities; empty: certificates are not checked. */
  get tlsCa(): string {
    return this.#rules.streamTlsCa;
  }

  /**
   * What can be told without asking for the addresses of a name.
   * @throws StreamHostError, StreamNotAllowedError
   */
  check(url: URL): void {
    const scheme = url.protocol.slice(0, -1);
    const { streamSchemes, streamPorts } = this.#rules;
    if (streamSchemes.length > 0 && !streamSchemes.includes(scheme)) {
      throw new StreamNotAllowedError(`${scheme}:// is not allowed here (STREAM_SCHEMES)`, {
        ...{ why: 'scheme', scheme },
      });
    }
    const port = portOf(url);
    if (streamPorts.length > 0 && !streamPorts.some(([from, to]) => port >= from && port <= to)) {
      throw new StreamNotAllowedError(`port ${port} is not allowed here (STREAM_PORTS)`, {
        ...{ why: 'port', port },
      });
    }
    const host = hostOf(url);
    if (isIP(host) === 0 ? this.#mayBe(host) : this.#allows(host, host)) return;
    throw new StreamHostError(host);
  }

  /**
   * The port of a camera and those of its addresses that are allowed; at least one.
   * @throws CameraError, or what the look-up of its name failed with
   */
  async find(url: URL): Promise<{ readonly port: number; readonly addresses: LookupAddress[] }> {
    try {
      this.check(url);
    } catch (cause) {
      const { message, details } = cause as StreamHostError | StreamNotAllowedError;
      throw new CameraError('CAMERA_NOT_ALLOWED', message, details, { cause });
    }
    const host = hostOf(url);
    const found = await lookup(host, { all: true });
    const addresses = found.filter(({ address }) => this.#allows(host, address));
    if (addresses.length > 0) return { port: portOf(url), addresses };
    const message = `no address of host ${host} is allowed here (STREAM_ADDRESSES, STREAM_HOSTS)`;
    throw new CameraError('CAMERA_NOT_ALLOWED', message, { why: 'addresses', host });
  }

  #mayBe(name: string): boolean {
    return this.#rules.streamHosts.length === 0 || this.#networks.length > 0 || this.#lists(name);
  }

  #allows(host: string, address: string): boolean {
    if (!this.#rules.streamAddresses.includes(kindOfAddress(address))) return false;
    if (this.#rules.streamHosts.length === 0 || this.#lists(host)) return true;
    return this.#networks.some((network) => isInNetwork(address, network));
  }

  #lists(host: string): boolean {
    return this.#names.some((name) =>
      name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name,
    );
  }
}

/** Cameras on any host and port, this machine included. */
export const everyCamera = new AllowedCameras({
  streamSchemes: [],
  streamHosts: [],
  streamPorts: [],
  streamAddresses: ['public', 'private', 'loopback'],
  streamTlsCa: '',
});

function isNetwork(host: string): boolean {
  return host.includes('/');
}

function hostOf({ hostname }: URL): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/(?<=.)\.$/, '');
}

function portOf({ protocol, port }: URL): number {
  return Number(port) || (defaultPorts[protocol] ?? 554);
}
