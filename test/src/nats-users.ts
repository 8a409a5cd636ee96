import { repositoryFile } from './services.js';

/** The users of compose/nats/users.conf. */
export const natsUsers = ['ingest', 'detector', 'fanout', 'viewer', 'cli', 'sys'] as const;
export type NatsUser = (typeof natsUsers)[number];

/** A file of compose/nats, and what it needs in the environment, for `NatsServer.start`. */
export function withUsers(file = 'nats.conf') {
  const passwords = natsUsers.map((user) => [
    `NATS_${user.toUpperCase()}_PASSWORD`,
    passwordOf(user),
  ]);
  return {
    config: repositoryFile(`compose/nats/${file}`),
    env: Object.fromEntries(passwords) as Record<string, string>,
  };
}

/** Settings of a bus for a user. */
export function natsLogin(natsUser: NatsUser) {
  return { natsUser, natsPassword: passwordOf(natsUser) };
}

/** The same for a service. */
export function natsLoginEnv(user: NatsUser) {
  return { NATS_USER: user, NATS_PASSWORD: passwordOf(user) };
}

function passwordOf(user: NatsUser): string {
  return `secret-of-${user}`;
}
