import {
  type Frame,
  readFrame,
  readTicket,
  type StatusEvent,
  subjectOf,
  type Ticket,
} from '@framebus/contract';
import { connect, type NatsConnection } from 'nats';

/** Sees what is published for sessions, as `nats sub` would. */
export class FrameTap implements AsyncDisposable {
  readonly frames: (Frame & { readonly session: string; readonly seenAt: number })[] = [];
  readonly tickets: Ticket[] = [];
  readonly events: StatusEvent[] = [];
  readonly connection: NatsConnection;

  private constructor(connection: NatsConnection) {
    this.connection = connection;
  }

  static async open(natsUrl: string): Promise<FrameTap> {
    const connection = await connect({
      servers: natsUrl,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    const tap = new FrameTap(connection);
    connection.subscribe(subjectOf('frames', '*'), {
      callback: (_error, message) => {
        const session = message.subject.slice('frames.'.length);
        tap.frames.push({ ...readFrame(message), session, seenAt: Date.now() });
      },
    });
    connection.subscribe(subjectOf('tickets', '*'), {
      callback: (_error, message) => tap.tickets.push(readTicket(message.headers)),
    });
    connection.subscribe(subjectOf('status', '*'), {
      callback: (_error, message) => tap.events.push(message.json<StatusEvent>()),
    });
    await connection.flush();
    return tap;
  }

  get indexes(): number[] {
    return this.frames.map((frame) => frame.frameIndex);
  }

  /** Status events so far, as `status: message`. */
  get statuses(): string[] {
    return this.events.flatMap((event) => (event.type === 'status' ? [event.status] : []));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }
}

/** Whether each number is greater than the one before. */
export function ascends(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}
