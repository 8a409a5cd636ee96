import { isSessionId, parseSince, type Since, sinceExpected } from '@framebus/contract';
import { type Format, formats, type View } from './message.js';
import { widthFor } from './picture-width.js';
import { Refusal } from './refusal.js';
import { isPictureWidth } from './view-message.js';

/** What a WebSocket request asks for. */
export interface StreamRequest {
  readonly sessionId: string;
  readonly view: View;
  /** From where on history is replayed. */
  readonly since: Since | undefined;
}

const path = /^\/ws\/stream\/([^/]*)$/;

/**
 * Reads the request line and the `Sec-WebSocket-Protocol` header of a request to open a WebSocket.
 * Other query parameters, such as the gateway's key, are left alone. @throws Refusal
 */
export function readStreamRequest(
  target: string | undefined,
  protocols: string | undefined,
): StreamRequest {
  const [pathname = '', query = ''] = split(target ?? '', '?');
  const sessionId = path.exec(pathname)?.[1];
  if (sessionId === undefined) {
    throw new Refusal('NOT_FOUND', 'no such path: viewers open /ws/stream/{session_id}');
  }
  if (!isSessionId(sessionId)) {
    throw new Refusal(
      'SESSION_ID_INVALID',
      'session_id: expected 1 to 64 of the characters A-Z a-z 0-9 _ -',
    );
  }
  const params = new URLSearchParams(query);
  const frames = params.get('frames');
  if (frames !== null && frames !== 'none') {
    throw new Refusal('QUERY_INVALID', 'frames: expected none, or no such parameter');
  }
  return {
    sessionId,
    view: {
      format: readFormat(protocols),
      pictures: frames === null,
      width: readWidth(params.get('max_width')),
    },
    since: readSince(params.get('since')),
  };
}

/** The first subprotocol of the list that is known; `json` when none is asked for. */
function readFormat(protocols: string | undefined): Format {
  if (protocols === undefined) return 'json';
  for (const protocol of protocols.split(',')) {
    const format = formats.find((known) => known === protocol.trim());
    if (format) return format;
  }
  throw new Refusal(
    'SUBPROTOCOL_UNKNOWN',
    `Sec-WebSocket-Protocol: expected ${formats.join(' or ')}, or no such header`,
  );
}

function readWidth(wanted: string | null): number | null {
  if (wanted === null) return null;
  if (/^\d+$/.test(wanted) && isPictureWidth(Number(wanted))) return widthFor(Number(wanted));
  throw new Refusal('QUERY_INVALID', 'max_width: expected pixels, 1 to 65535');
}

function readSince(text: string | null): Since | undefined {
  if (text === null) return undefined;
  const since = parseSince(text);
  if (since === undefined) throw new Refusal('QUERY_INVALID', `since: expected ${sinceExpected}`);
  return since;
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
