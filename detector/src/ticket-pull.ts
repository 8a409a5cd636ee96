import { type Msg, type NatsConnection, nanos } from 'nats';

const subject = '$JS.API.CONSUMER.MSG.NEXT.TICKETS.detectors';
/** The server ends a pull by itself; so long after it should have, it is given up, in ms. */
const graceMs = 1_000;

/**
 * At most `most` tickets that wait already, or come within `waitMs`; ends once the server is done with the pull.
 * By a plain request: the client's own pulls wait for a second at least.
 * @throws the request's error
 */
export async function* pullTickets(
  connection: NatsConnection,
  most: number,
  waitMs: number,
): AsyncGenerator<Msg> {
  const wait = waitMs > 0 ? { expires: nanos(waitMs) } : { no_wait: true };
  const request = JSON.stringify({ batch: most, ...wait });
  const options = { noMux: true, maxMessages: most, maxWait: waitMs + graceMs } as const;
  let left = most;
  for await (const message of await connection.requestMany(subject, request, options)) {
    // A status: nothing waits, time is over, or the consumer is gone.
    if (message.headers?.code) return;
    yield message;
    left--;
    if (left === 0) return;
  }
}
