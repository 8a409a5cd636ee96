import { RtspError } from './status.js';

export interface RtspUrl {
  /** Host and port as the client wrote them, without user and password. */
  readonly authority: string;
  /** Path name without slashes at either end, such as `camera` or `hall/north`. */
  readonly name: string;
}

const maxNameLength = 255;

/**
 * Reads the URL of a path; user, password, query and slashes at the end fall away.
 * Names hold what MediaMTX allows: letters, digits, `_ - . /`, and no `..`.
 * @throws RtspError 400
 */
export function parseUrl(url: string): RtspUrl {
  const [, authority, path] = /^rtsps?:\/\/(?:[^/?#]*@)?([^/?#@]*)([^?#]*)/i.exec(url) ?? [];
  if (authority === undefined || path === undefined) throw new RtspError(400, 'no RTSP URL');
  const name = trimSlashes(decode(path));
  const valid = /^[\w.-]+(?:\/[\w.-]+)*$/.test(name) && !/(?:^|\/)\.\.?(?:\/|$)/.test(name);
  if (!valid || name.length > maxNameLength) throw new RtspError(400, 'the path name is wrong');
  return { authority, name };
}

/** The URL without the control of a track at its end, even after a query; undefined when it ends otherwise. */
export function splitTrack(url: string, control: string): string | undefined {
  const bare = trimSlashes(url);
  return bare.endsWith(`/${control}`) ? bare.slice(0, -control.length) : undefined;
}

/** Cuts the `/trackID=1` of a reader's SETUP off. */
export function splitTrackId(url: string): { base: string; track: number | undefined } {
  const [control, digits] = /^trackID=(\d{1,3})$/.exec(lastSegment(url)) ?? [];
  const base = control === undefined ? undefined : splitTrack(url, control);
  return base === undefined ? { base: url, track: undefined } : { base, track: Number(digits) };
}

function lastSegment(url: string): string {
  const bare = trimSlashes(url);
  return bare.slice(bare.lastIndexOf('/') + 1);
}

/** A loop, since `/\/+$/` takes quadratic time on a hostile URL. */
function trimSlashes(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === '/') start += 1;
  while (end > start && text[end - 1] === '/') end -= 1;
  return text.slice(start, end);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new RtspError(400, 'the URL is encoded wrongly');
  }
}
