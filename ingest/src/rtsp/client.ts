import { CameraError, cameraErrorOf } from '../camera-error.js';
import { type AccessUnit, AccessUnitAssembler, type NalFormat } from './access-unit.js';
import { type ConnectionOptions, RtspConnection } from './connection.js';
import { baseOf, Dialogue, headerOf } from './dialogue.js';
import { H264Format } from './h264.js';
import { H265Format } from './h265.js';
import type { IvfCodec } from './ivf.js';
import { freshMikey, keysOf } from './mikey.js';
import { parseRtp, saysBye } from './rtp.js';
import { OtherCodecError, type VideoTrack, videoTrackOf, withoutLogin } from './sdp.js';
import { SrtpReader } from './srtp.js';

export interface AccessUnitOptions extends ConnectionOptions {
  /** Called for each access unit that is dropped because packets are missing or wrong. */
  readonly onDropped?: (dropped: number) => void;
}

const defaultSessionSeconds = 60;
/** Packets of channels and payload types that were not announced, before the first that was. */
const maxUnannounced = 32;
const formats: Readonly<Record<IvfCodec, () => NalFormat>> = {
  h264: () => new H264Format(),
  hevc: () => new H265Format(),
};

/**
 * Reads the H.264 or H.265 video of a camera over RTSP 1.0 with RTP in the same connection, once: resolves
 * when `signal` is aborted. Only the first such track is asked for, encrypted (SRTP) where it is
 * offered so. Redirects are not followed.
 * @param onTrack called once, before the first access unit
 * @throws CameraError, or OtherCodecError for a camera that ffmpeg should read
 */
export async function readAccessUnits(
  url: string,
  options: AccessUnitOptions,
  signal: AbortSignal,
  onTrack: (track: VideoTrack) => void,
  onAccessUnit: (unit: AccessUnit) => void,
): Promise<void> {
  if (signal.aborted) return;
  if (!URL.canParse(url)) throw new CameraError('CAMERA_FAILED', 'the URL is wrong');
  const reading = new Reading(url, options, onAccessUnit);
  try {
    await reading.run(signal, onTrack);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof CameraError || error instanceof OtherCodecError) throw error;
    throw new CameraError('CAMERA_FAILED', 'camera could not be read', {}, { cause: error });
  } finally {
    await reading.close();
  }
}

/** One session with one camera. */
class Reading {
  readonly #url: URL;
  readonly #options: AccessUnitOptions;
  readonly #onAccessUnit: (unit: AccessUnit) => void;
  #connection: RtspConnection | undefined;
  #dialogue: Dialogue | undefined;
  #track: VideoTrack | undefined;
  #assembler: AccessUnitAssembler | undefined;
  #srtp: SrtpReader | undefined;
  #told = 0;
  #packets = 0;
  #unannounced = 0;
  #channels: readonly [rtp: number, rtcp: number] = [0, 1];
  #session: { readonly id: string; readonly seconds: number } | undefined;

  constructor(url: string, options: AccessUnitOptions, onAccessUnit: (unit: AccessUnit) => void) {
    this.#url = new URL(url);
    this.#options = options;
    this.#onAccessUnit = onAccessUnit;
  }

  /** Resolves never; rejects with what ended the session. */
  async run(signal: AbortSignal, onTrack: (track: VideoTrack) => void): Promise<void> {
    const connection = await RtspConnection.open(
      this.#url,
      this.#options,
      (channel, bytes) => this.#takePacket(channel, bytes),
      signal,
    );
    this.#connection = connection;
    this.#dialogue = new Dialogue(connection, this.#url);
    const stop = () => connection.fail(new Error('aborted'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const asked = await this.#begin(onTrack);
      await Promise.race([connection.failed, this.#keepAlive(asked)]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    const url = this.#track?.aggregateUrl ?? '';
    const headers = this.#session && this.#dialogue?.headers('TEARDOWN', url, this.#inSession({}));
    await this.#connection?.close(headers && { method: 'TEARDOWN', url, headers });
  }

  /** Returns the method that keeps the session alive. */
  async #begin(onTrack: (track: VideoTrack) => void): Promise<string> {
    const url = withoutLogin(this.#url.href).replace(/#.*$/, '');
    const options = await this.#ask('OPTIONS', url, {}, true);
    const described = await this.#ask('DESCRIBE', url, { Accept: 'application/sdp' });
    const base = withoutLogin(baseOf(described, url));
    const track = videoTrackOf(described.body.toString('latin1'), base);
    this.#track = track;
    this.#assembler = new AccessUnitAssembler(
      formats[track.codec](),
      track.parameterSets,
      this.#onAccessUnit,
    );
    onTrack(track);
    const setUp = await this.#ask('SETUP', track.controlUrl, setUpHeaders(track));
    if (track.keys) {
      const renewed = mikeyIn(headerOf(setUp, 'keymgmt'));
      this.#srtp = new SrtpReader(renewed ? keysOf(renewed) : track.keys);
    }
    this.#session = sessionOf(headerOf(setUp, 'session'));
    this.#channels = channelsOf(headerOf(setUp, 'transport'));
    await this.#ask('PLAY', track.aggregateUrl, { Range: 'npt=0.000-' });
    return /GET_PARAMETER/.test(headerOf(options, 'public') ?? '') ? 'GET_PARAMETER' : 'OPTIONS';
  }

  async #keepAlive(method: string): Promise<never> {
    const everyMs = (this.#session?.seconds ?? defaultSessionSeconds) * 500;
    for (;;) {
      await this.#wait(everyMs);
      await this.#ask(method, this.#track?.aggregateUrl ?? '', {}, true);
    }
  }

  async #wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([over, this.#connection?.failed]).finally(() => clearTimeout(timer));
  }

  #ask(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    tolerant = false,
  ): ReturnType<Dialogue['ask']> {
    if (this.#dialogue === undefined) throw new Error('not connected');
    return this.#dialogue.ask(method, url, this.#inSession(headers), tolerant);
  }

  #inSession(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.#session ? { Session: this.#session.id, ...headers } : headers;
  }

  #takePacket(channel: number, bytes: Buffer): void {
    const [rtp, rtcp] = this.#channels;
    if (channel === rtcp) {
      const opened = this.#srtp ? this.#srtp.openRtcp(bytes) : bytes;
      if (opened && saysBye(opened)) throw cameraErrorOf('');
    }
    if (channel === rtcp || this.#assembler === undefined) return;
    const opened = channel === rtp && this.#srtp ? this.#srtp.openRtp(bytes) : bytes;
    const packet = opened && parseRtp(opened);
    if (packet === undefined) return;
    if (channel !== rtp || packet.payloadType !== this.#track?.payloadType) {
      this.#unannounced += 1;
      if (this.#packets > 0 || this.#unannounced < maxUnannounced) return;
      throw new CameraError('CAMERA_BROKEN', 'camera sends what it did not announce');
    }
    this.#packets += 1;
    this.#assembler.push(packet, Date.now());
    const newly = this.#assembler.dropped - this.#told;
    this.#told += newly;
    if (newly > 0) this.#options.onDropped?.(newly);
  }
}

function setUpHeaders({ controlUrl, keys }: VideoTrack): Readonly<Record<string, string>> {
  const profile = keys ? 'SAVP' : 'AVP';
  const Transport = `RTP/${profile}/TCP;unicast;interleaved=0-1`;
  if (!keys) return { Transport };
  const uri = controlUrl.replaceAll('"', '%22');
  const data = freshMikey(Date.now()).toString('base64');
  return { Transport, KeyMgmt: `prot=mikey;uri="${uri}";data="${data}"` };
}

/** The MIKEY message of a KeyMgmt header (RFC 4567, section 4.1). */
function mikeyIn(header: string | undefined): Buffer | undefined {
  const data = /\bdata="?([A-Za-z0-9+/=]+)/.exec(header ?? '')?.[1];
  return data === undefined ? undefined : Buffer.from(data, 'base64');
}

function sessionOf(text: string | undefined) {
  const [, id, seconds] =
    /^([\x21-\x3a\x3c-\x7e]{1,256})(?:.*?timeout=(\d{1,6}))?/.exec(text ?? '') ?? [];
  if (id === undefined) return undefined;
  return { id, seconds: Math.max(2, Number(seconds ?? defaultSessionSeconds)) };
}

function channelsOf(transport: string | undefined): readonly [number, number] {
  const [, rtp = '0', rtcp] = /interleaved=(\d{1,3})(?:-(\d{1,3}))?/.exec(transport ?? '') ?? [];
  return [Number(rtp), rtcp === undefined ? Number(rtp) + 1 : Number(rtcp)];
}
