import type { DetectionEvent } from '@framebus/contract';
import type { Bus } from '@framebus/contract/service';
import type { MsgRequest } from 'nats';
import type { NatsLink } from './nats-link.js';

const samples = 1_200;
const atOnce = 8;

/**
 * Some events of a subject from a message of DETECTIONS up to the newest, spread evenly over the stream's
 * sequence, each once.
 * @throws NatsUnavailableError
 */
export async function* sampleEvents(
  bus: Bus,
  link: NatsLink,
  subject: string,
  firstSeq: number,
): AsyncGenerator<DetectionEvent> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const { state } = await link.answer(() => manager.streams.info('DETECTIONS'));
  const step = Math.max((state.last_seq - firstSeq) / samples, 1);
  const next = async (seq: number) => {
    // The server takes it here as it does for direct gets, which the client's types name alone.
    const request = { seq, next_by_subj: subject } as unknown as MsgRequest;
    return link
      .answer(() => manager.streams.getMessage('DETECTIONS', request))
      .then(({ seq, data }) => ({ seq, data }))
      .catch(() => null);
  };
  let lastSeq = 0;
  for (let at = firstSeq; at <= state.last_seq; at += step * atOnce) {
    const places = Array.from({ length: atOnce }, (_, i) => Math.floor(at + i * step));
    const found = await Promise.all(places.filter((seq) => seq <= state.last_seq).map(next));
    for (const message of found) {
      if (message === null || message.seq <= lastSeq) continue;
      lastSeq = message.seq;
      yield JSON.parse(new TextDecoder().decode(message.data)) as DetectionEvent;
    }
  }
}
