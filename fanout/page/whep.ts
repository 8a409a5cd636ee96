import { t } from './language.js';

/** A WHEP server that gives no stream; the message is for people. */
export class WhepError extends Error {
  override readonly name = 'WhepError';
}

const timeoutMs = 10_000;

/** One camera's video over WebRTC, asked for by WHEP (draft-ietf-wish-whep). Disposal tells the server. */
export class WhepSession {
  readonly track: MediaStreamTrack;
  readonly receiver: RTCRtpReceiver;
  readonly #connection: RTCPeerConnection;
  readonly #authorization: string;
  readonly #fragment: CandidateFragment;
  #resource: URL | null = null;
  #disposed = false;

  /** `authorization` is sent as that header; empty: none. `ended` is called when the server ends it or is gone. */
  constructor(authorization: string, ended: () => void) {
    this.#authorization = authorization;
    this.#connection = new RTCPeerConnection();
    const { receiver } = this.#connection.addTransceiver('video', { direction: 'recvonly' });
    this.receiver = receiver;
    this.track = receiver.track;
    this.#fragment = new CandidateFragment(this.#connection);
    this.#connection.addEventListener('connectionstatechange', () => {
      const { connectionState } = this.#connection;
      if (connectionState === 'failed' || connectionState === 'closed') ended();
    });
  }

  /** Asks for the stream; pictures come on the track a little later. @throws WhepError */
  async open(endpoint: string): Promise<void> {
    const offer = await this.#connection.createOffer();
    const answer = await this.#call('POST', endpoint, 'application/sdp', offer.sdp ?? '');
    const sdp = await answer.text();
    if (answer.status !== 201) throw new WhepError(wordsOf(answer.status, sdp));
    const location = answer.headers.get('location');
    if (location !== null) this.#resource = new URL(location, endpoint);
    if (this.#disposed) return this.#end();
    // Gathering begins with the local description: only now are the servers for it known.
    this.#connection.setConfiguration({ iceServers: iceServers(answer.headers.get('link')) });
    this.#connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate !== null) void this.#trickle(candidate);
    });
    await this.#connection.setLocalDescription(offer);
    await this.#connection.setRemoteDescription({ type: 'answer', sdp });
  }

  stats(): Promise<RTCStatsReport> {
    return this.receiver.getStats();
  }

  dispose(): void {
    this.#disposed = true;
    this.track.stop();
    // The server is told first: it forgets a session whose connection closes, and answers 404.
    void this.#end().finally(() => this.#connection.close());
  }

  /** What can not be told to the server is no loss: other candidates may do, and it ends idle sessions. */
  async #trickle(candidate: RTCIceCandidate): Promise<void> {
    if (this.#resource === null || candidate.candidate === '') return;
    const body = this.#fragment.of(candidate);
    await this.#call('PATCH', this.#resource, 'application/trickle-ice-sdpfrag', body).catch(
      () => null,
    );
  }

  async #end(): Promise<void> {
    const resource = this.#resource;
    this.#resource = null;
    if (resource !== null) await this.#call('DELETE', resource).catch(() => null);
  }

  #call(method: string, url: string | URL, type = '', body = ''): Promise<Response> {
    const headers = new Headers();
    if (this.#authorization !== '') headers.set('authorization', this.#authorization);
    if (type !== '') headers.set('content-type', type);
    const request: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs) };
    // A page that is being closed still ends its session.
    if (method === 'DELETE') request.keepalive = true;
    if (body !== '') request.body = body;
    return fetch(url, request).catch(() => {
      throw new WhepError(t('live.away'));
    });
  }
}

/** Candidates as an SDP fragment (RFC 8840). */
class CandidateFragment {
  readonly #connection: RTCPeerConnection;

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
  }

  of({ candidate, sdpMid, usernameFragment }: RTCIceCandidate): string {
    const offer = this.#connection.localDescription?.sdp ?? '';
    const password = /^a=ice-pwd:.*$/m.exec(offer)?.[0].trim() ?? '';
    return [
      `a=ice-ufrag:${usernameFragment ?? ''}`,
      password,
      'm=video 9 UDP/TLS/RTP/SAVPF 0',
      `a=mid:${sdpMid ?? '0'}`,
      `a=${candidate}`,
      '',
    ].join('\r\n');
  }
}

/** Out of `Link: <turn:host>; rel="ice-server"; username="…"; credential="…"`. */
function iceServers(link: string | null): RTCIceServer[] {
  const entries = (link ?? '').matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+="(?:[^"\\]|\\.)*")*)/g);
  return [...entries].flatMap(([, urls = '', rest = '']) => {
    const fields = rest.matchAll(/([\w-]+)="((?:[^"\\]|\\.)*)"/g);
    const of = new Map([...fields].map(([, name = '', text = '']) => [name, unquoted(text)]));
    const { username, credential } = {
      username: of.get('username'),
      credential: of.get('credential'),
    };
    if (of.get('rel') !== 'ice-server') return [];
    return [username && credential ? { urls, username, credential } : { urls }];
  });
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** MediaMTX answers errors as JSON with an `error`. */
function wordsOf(status: number, body: string): string {
  if (status === 401) return t('live.login');
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not MediaMTX's own answer.
  }
  return t('live.answered', { status });
}
