import { randomBytes } from 'node:crypto';
import type { Client } from './client.js';
import type { RelayLimits } from './limits.js';
import type { InterleavedFrame, RtspReply, RtspRequest } from './message.js';
import type { Paths } from './paths.js';
import { Publication } from './publication.js';
import { Reader } from './reader.js';
import { parseSdp } from './sdp.js';
import { RtspError } from './status.js';
import { formatTransport } from './transport.js';
import { parseUrl, splitTrackId } from './url.js';

type Answer = Omit<RtspReply, 'status'>;

/** What one connection does: publish one stream, read one, or neither yet (RFC 2326, appendix A). */
export class Session {
  readonly #client: Client;
  readonly #paths: Paths;
  readonly #limits: RelayLimits;
  #id: string | undefined;
  #role: Publication | Reader | undefined;

  constructor(client: Client, paths: Paths, limits: RelayLimits) {
    this.#client = client;
    this.#paths = paths;
    this.#limits = limits;
  }

  /** @throws RtspError */
  handle(request: RtspRequest): RtspReply {
    const method = this.#methods[request.method];
    if (method === undefined) throw new RtspError(501, `no method ${request.method}`);
    const asked = request.headers.get('session')?.split(';')[0];
    if (asked !== undefined && asked !== this.#id) throw new RtspError(454, 'another session');
    const { headers, body } = method(request);
    const timeout = Math.ceil(this.#limits.idleTimeoutMs / 1000);
    const session = this.#id && { Session: `${this.#id};timeout=${timeout}` };
    return { status: 200, headers: { ...session, ...headers }, body: body ?? '' };
  }

  /** Takes a packet from the client. False when nobody can use it. */
  receive(frame: InterleavedFrame): boolean {
    if (this.#role instanceof Publication) return this.#role.receive(frame);
    // A reader's receiver reports tell of its own connection, which the publisher cannot mend.
    return this.#role instanceof Reader;
  }

  /** How long a publisher has sent no RTP, in ms; 0 for all others. */
  silentMs(now: number): number {
    const stream = this.#role instanceof Publication ? this.#role.stream : undefined;
    return stream === undefined ? 0 : now - stream.heardAt;
  }

  end(): void {
    const role = this.#role;
    this.#role = undefined;
    this.#id = undefined;
    if (role instanceof Reader) role.stream.readers.delete(role);
    if (role?.stream !== undefined && role instanceof Publication) this.#paths.remove(role.stream);
  }

  readonly #methods: Readonly<Record<string, (request: RtspRequest) => Answer>> = {
    OPTIONS: () => ({ headers: { Public: Object.keys(this.#methods).join(', ') } }),
    DESCRIBE: (request) => this.#describe(request),
    ANNOUNCE: (request) => this.#announce(request),
    SETUP: (request) => this.#setUp(request),
    PLAY: () => this.#play(true),
    PAUSE: () => this.#play(false),
    RECORD: () => this.#record(),
    TEARDOWN: () => this.#tearDown(),
    GET_PARAMETER: (request) => keepAlive(request),
    SET_PARAMETER: (request) => keepAlive(request),
  };

  #describe({ url }: RtspRequest): Answer {
    const { authority, name } = parseUrl(url);
    return {
      headers: {
        'Content-Base': `rtsp://${authority}/${name}/`,
        'Content-Type': 'application/sdp',
      },
      body: this.#paths.get(name).description.sdp,
    };
  }

  #announce({ url, headers, body }: RtspRequest): Answer {
    if (this.#role !== undefined) throw new RtspError(455, 'the session has a stream already');
    const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/sdp') throw new RtspError(415, 'expected application/sdp');
    const { name } = parseUrl(url);
    this.#role = new Publication(name, parseSdp(body, this.#limits.maxTracks));
    this.#id = newSessionId();
    return {};
  }

  #setUp({ url, headers }: RtspRequest): Answer {
    const transport = headers.get('transport');
    if (this.#role instanceof Publication) {
      return { headers: { Transport: formatTransport(this.#role.setUp(url, transport)) } };
    }
    if (/mode="?(record|receive)/i.test(transport ?? '')) throw new RtspError(455, 'no ANNOUNCE');
    const { base, track } = splitTrackId(url);
    const stream = this.#paths.get(parseUrl(base).name);
    const reader = this.#role ?? new Reader(stream, this.#client);
    if (reader.stream !== stream) throw new RtspError(459, 'one path per session');
    const channels = reader.setUp(track, transport);
    this.#role = reader;
    this.#id ??= newSessionId();
    stream.readers.add(reader);
    return { headers: { Transport: formatTransport(channels) } };
  }

  #play(playing: boolean): Answer {
    if (this.#role === undefined) throw new RtspError(454, 'no session');
    if (!(this.#role instanceof Reader)) throw new RtspError(455, 'the session publishes');
    this.#role.playing = playing;
    return {};
  }

  #record(): Answer {
    if (this.#role === undefined) throw new RtspError(454, 'no session');
    if (!(this.#role instanceof Publication)) throw new RtspError(455, 'the session reads');
    this.#role.record(this.#paths, this.#client);
    return {};
  }

  #tearDown(): Answer {
    if (this.#role === undefined) throw new RtspError(454, 'no session');
    this.end();
    return {};
  }
}

/** Without a body these only keep the session alive; the relay has no parameters. @throws RtspError 451 */
function keepAlive({ body }: RtspRequest): Answer {
  if (body.trim() !== '') throw new RtspError(451, 'there are no parameters');
  return {};
}

function newSessionId(): string {
  return randomBytes(8).toString('hex');
}
