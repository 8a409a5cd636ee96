import type { MsgHdrs } from 'nats';

/** A message of NATS. */
export interface TappedMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
}

/** The subject and the payload; for one that is no text its size and headers. */
export function messageLine({ subject, data, headers }: TappedMessage): string {
  const text = textOf(data);
  if (text !== undefined && text !== '') return `${subject}  ${text}`;
  const told = Object.entries(valuesOf(headers)).map(([name, value]) => `${name}: ${value}`);
  return [subject, `${data.length} bytes`, ...told].join('  ');
}

/** For JSON: `payload` is the payload's JSON, its text, or its bytes in base64 under `payload_base64`. */
export function messageValue({ subject, data, headers }: TappedMessage): object {
  const head = { subject, headers: valuesOf(headers) };
  const text = textOf(data);
  if (text === undefined) return { ...head, payload_base64: Buffer.from(data).toString('base64') };
  try {
    return { ...head, payload: JSON.parse(text) };
  } catch {
    return { ...head, payload: text };
  }
}

function valuesOf(headers: MsgHdrs | undefined): Record<string, string> {
  return Object.fromEntries(
    (headers?.keys() ?? []).map((name) => [name, headers?.get(name) ?? '']),
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(data: Uint8Array): string | undefined {
  try {
    return utf8.decode(data);
  } catch {
    return undefined;
  }
}
