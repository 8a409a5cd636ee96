import type { Bus } from './bus.js';
import type { Metrics } from './metrics.js';

/** Adds what the connection to NATS tells. */
export function natsMetrics(metrics: Metrics, bus: Bus): void {
  const { connection } = bus;
  const nats = { messaging_system: 'nats' };
  metrics.gauge('framebus_nats_connected', '1 while NATS is connected, else 0.', [], () =>
    bus.connected ? 1 : 0,
  );
  metrics.counter(
    'framebus_nats_reconnects_total',
    'Times that NATS was connected again.',
    [],
    () => bus.reconnects,
  );
  metrics.counter(
    'messaging_client_sent_messages_total',
    'Messages sent to NATS, requests and acks included.',
    ['messaging_system'],
    () => [[nats, connection.stats().outMsgs]],
  );
  metrics.counter(
    'messaging_client_consumed_messages_total',
    'Messages that came from NATS, replies included.',
    ['messaging_system'],
    () => [[nats, connection.stats().inMsgs]],
  );
  metrics.counter(
    'framebus_nats_io_bytes_total',
    'Bytes of these messages, by direction.',
    ['network_io_direction'],
    () => {
      const { outBytes, inBytes } = connection.stats();
      return [
        [{ network_io_direction: 'transmit' }, outBytes],
        [{ network_io_direction: 'receive' }, inBytes],
      ];
    },
  );
}
