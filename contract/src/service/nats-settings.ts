import { type ConfigOf, list, type Setting, type Settings, secret, text } from './settings.js';

const replicaCounts = ['1', '3', '5'];

/** Settings of every process that connects to NATS. */
export const natsSettings = {
  natsUrl: servers('NATS_URL', 'nats://127.0.0.1:4222'),
  natsUser: text('NATS_USER', '', 'NATS user; empty: none'),
  natsPassword: secret('NATS_PASSWORD', '', 'password of the NATS user'),
  natsCreds: text(
    'NATS_CREDS',
    '',
    'credentials file (JWT and seed) in place of user and password',
  ),
  natsTlsCa: text(
    'NATS_TLS_CA',
    '',
    "PEM file of the authority that signed the servers' certificates",
  ),
  natsTlsCert: text(
    'NATS_TLS_CERT',
    '',
    'PEM file of our certificate, where the servers ask for one',
  ),
  natsTlsKey: text('NATS_TLS_KEY', '', "PEM file of that certificate's private key"),
  natsReplicas: {
    name: 'NATS_REPLICAS',
    about:
      'servers of a cluster that keep each stream and bucket: 1, 3 or 5; equal in all processes',
    fallback: '1',
    expected: `one of ${replicaCounts.join(', ')}`,
    parse: (t) => {
      if (!replicaCounts.includes(t)) throw new RangeError(t);
      return Number(t);
    },
    secret: false,
  } as Setting<number>,
} satisfies Settings;

/** How to reach NATS; what is left out is as its setting's default. */
export type NatsConfig = Pick<ConfigOf<typeof natsSettings>, 'natsUrl'> &
  Partial<ConfigOf<typeof natsSettings>>;

/** The client would pass over a user in an address in silence, so one is refused; it may come with a password. */
function servers(name: string, fallback: string): Setting<readonly string[]> {
  const words = list(name, fallback, 'NATS servers, separated by commas; tls:// demands TLS');
  return {
    ...words,
    expected:
      'addresses such as nats://host:4222 or tls://host:4222, separated by commas, without user and password (NATS_USER, NATS_PASSWORD)',
    parse: (t) => {
      const found = words.parse(t);
      if (found.length === 0 || !found.every((word) => address.test(word))) throw new RangeError();
      return found;
    },
    secret: true,
  };
}

const address = /^(?:(?:nats|tls):\/\/)?(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?\/?$/;
