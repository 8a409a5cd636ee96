import { CameraError, cameraErrorOf } from '../camera-error.js';
import type { IvfCodec } from './ivf.js';
import { keysOf, type SrtpKeys } from './mikey.js';

/** The camera has video that is neither H.264 nor H.265, or packed in a way that is not read here. */
export class OtherCodecError extends Error {
  override readonly name = 'OtherCodecError';
  readonly code = 'CAMERA_OTHER_CODEC';
  readonly codec: string;

  constructor(codec: string) {
    super(`video is ${codec}, neither H.264 nor H.265 in a packing known here`);
    this.codec = codec;
  }
}

export interface VideoTrack {
  readonly codec: IvfCodec;
  readonly payloadType: number;
  /** URLs of the session and of the track, which SETUP names. */
  readonly aggregateUrl: string;
  readonly controlUrl: string;
  /** NAL units. */
  readonly parameterSets: readonly Buffer[];
  /** Where packets are encrypted (SRTP). */
  readonly keys?: SrtpKeys;
}

interface Section {
  readonly media: string;
  readonly attributes: readonly string[];
}

const codecs: Readonly<Record<string, IvfCodec>> = { H264: 'h264', H265: 'hevc', HEVC: 'hevc' };
const protocols = ['RTP/AVP', 'RTP/AVPF'];
const encrypted = ['RTP/SAVP', 'RTP/SAVPF'];
const maxPayloadTypes = 32;
const parameterSetNames = ['sprop-parameter-sets', 'sprop-vps', 'sprop-sps', 'sprop-pps'];

/**
 * The first H.264 or H.265 track of an SDP (RFC 8866; RFC 6184, section 8.2; RFC 7798, section 7.2), of encrypted
 * ones those with a MIKEY message (RFC 4567).
 * @param baseUrl what relative control URLs go on from
 * @throws OtherCodecError, or CameraError when there is no video, or no key for it that is read here
 */
export function videoTrackOf(sdp: string, baseUrl: string): VideoTrack {
  const [session, ...sections] = split(sdp);
  const videos = sections.filter(({ media }) => media.startsWith('video '));
  // ffmpeg's words for this.
  if (videos.length === 0) throw cameraErrorOf('does not contain any stream');
  const aggregateUrl = controlUrl(attribute(session, 'control'), baseUrl);
  for (const video of videos) {
    const found = formatOf(video);
    if (found === undefined) continue;
    const control = controlUrl(attribute(video, 'control'), aggregateUrl);
    const track = { ...found, aggregateUrl, controlUrl: control };
    if (!isEncrypted(video)) return track;
    const mikey = mikeyOf(video) ?? mikeyOf(session);
    if (mikey !== undefined) return { ...track, keys: keysOf(mikey) };
  }
  throw new OtherCodecError(nameOf(videos[0]));
}

function formatOf(
  video: Section,
): Pick<VideoTrack, 'codec' | 'payloadType' | 'parameterSets'> | undefined {
  const [, , protocol = '', ...payloadTypes] = video.media.split(' ');
  if (!protocols.includes(protocol) && !isEncrypted(video)) return undefined;
  for (const type of payloadTypes.slice(0, maxPayloadTypes)) {
    const name = attributes(video, 'rtpmap').find((map) => map.startsWith(`${type} `));
    const codec = codecs[/^\d+ ([\w-]+)\//.exec(name ?? '')?.[1]?.toUpperCase() ?? ''];
    if (codec === undefined) continue;
    const parameters = parametersOf(video, type);
    // Interleaved and DONL packets come in another order than pictures are decoded.
    if (Number(parameters.get('packetization-mode') ?? 0) > 1) continue;
    if (Number(parameters.get('sprop-max-don-diff') ?? 0) > 0) continue;
    const sets = parameterSetNames.flatMap((key) => parameters.get(key)?.split(',') ?? []);
    const parameterSets = sets
      .map((set) => Buffer.from(set, 'base64'))
      .filter((set) => set.length > 2);
    return { codec, payloadType: Number(type), parameterSets };
  }
  return undefined;
}

function isEncrypted({ media }: Section): boolean {
  return encrypted.includes(media.split(' ')[2] ?? '');
}

function mikeyOf(section: Section | undefined): Buffer | undefined {
  const found = attributes(section, 'key-mgmt').find((text) => text.startsWith('mikey '));
  return found === undefined ? undefined : Buffer.from(found.slice(6), 'base64');
}

function parametersOf(video: Section, payloadType: string): ReadonlyMap<string, string> {
  const format = attributes(video, 'fmtp').find((text) => text.startsWith(`${payloadType} `));
  const pairs = (format ?? '').slice(payloadType.length + 1).split(';');
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
}

function nameOf(video: Section | undefined): string {
  const name = /^\d+ ([\w.-]{1,40})\//.exec(attribute(video, 'rtpmap') ?? '')?.[1];
  return name ?? `of payload type ${video?.media.split(' ')[3]?.slice(0, 3) ?? 'unknown'}`;
}

function split(sdp: string): Section[] {
  const sections: { media: string; attributes: string[] }[] = [{ media: '', attributes: [] }];
  for (const line of sdp.split(/[\r\n]+/)) {
    if (line.startsWith('m=')) sections.push({ media: line.slice(2).trim(), attributes: [] });
    if (line.startsWith('a=')) sections.at(-1)?.attributes.push(line.slice(2).trim());
  }
  return sections;
}

function attributes(section: Section | undefined, name: string): string[] {
  const start = `${name}:`;
  const found = section?.attributes.filter((text) => text.startsWith(start)) ?? [];
  return found.map((text) => text.slice(start.length).trim());
}

function attribute(section: Section | undefined, name: string): string | undefined {
  return attributes(section, name)[0];
}

/** The URL that a control attribute means (RFC 2326, section C.1.1); a name is put behind the whole base, as cameras mean it. */
export function controlUrl(control: string | undefined, base: string): string {
  if (control === undefined || control === '*' || control === '') return base;
  if (!/^[\x21-\x7e]+$/.test(control)) throw new CameraError('CAMERA_BROKEN', 'SDP is wrong');
  if (/^rtsps?:\/\//i.test(control)) return withoutLogin(control);
  if (control.startsWith('?') || base.endsWith('/')) return base + control;
  return `${base}/${control}`;
}

/** A URL as it goes over the wire. */
export function withoutLogin(url: string): string {
  return url.replace(/^(rtsps?:\/\/)[^/?#]*@/i, '$1');
}
