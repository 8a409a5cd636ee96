import { type Bus, readTrace, traced } from '@framebus/contract/service';
import type { Msg } from 'nats';
import type { Alerts } from './alerts.js';
import { alertBody } from './bodies.js';
import type { Malformed } from './malformed.js';
import { readAlertEvent, readDetectionEvent, readStatusEvent } from './read-event.js';
import type { Sessions } from './sessions.js';

/** Follows the events of all sessions, by plain subscriptions: these come back by themselves after a reconnect. */
export function followEvents(
  bus: Bus,
  sessions: Sessions,
  alerts: Alerts,
  malformed: Malformed,
): void {
  const follow = (subject: string, onMessage: (message: Msg) => void) => {
    bus.connection.subscribe(subject, {
      callback: (error, message) => {
        // An error is told by the connection's status.
        if (!error) malformed.guard(message.subject, () => onMessage(message), message.headers);
      },
    });
  };
  follow('detections.*', (message) => {
    const event = readDetectionEvent(message);
    const attributes = {
      'framebus.session': event.session_id,
      'framebus.frame_index': event.frame_index,
    };
    void traced(
      'detection send',
      readTrace(message.headers),
      { attributes, kind: 'consumer' },
      async () => malformed.guard(message.subject, () => sessions.addEvent(event)),
    );
    void alerts.consider(event, message.headers);
  });
  follow('alerts.*', (message) => {
    const event = readAlertEvent(message);
    sessions.send(event.session_id, () => alertBody(event));
  });
  follow('status.*', (message) => {
    const event = readStatusEvent(message);
    sessions.send(event.session_id, () => event);
  });
}
