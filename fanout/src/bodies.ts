import type { AlertEvent, StatusEvent } from '@framebus/contract';

/** `alert` as viewers know it. */
export function alertBody(event: AlertEvent) {
  const { session_id, captured_at, frame_index, class_id, class_name, confidence, bbox } = event;
  return {
    type: 'alert',
    session_id,
    timestamp: captured_at / 1000,
    frame_index,
    data: { class_id, class_name, confidence, bbox },
  };
}

/** `error` as viewers know it. */
export function errorBody(session_id: string, message: string): StatusEvent {
  return { type: 'error', session_id, timestamp: Date.now() / 1000, message };
}
