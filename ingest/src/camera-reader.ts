import { Writable } from 'node:stream';
import type { SessionSpec } from '@framebus/contract';
import { AccessUnitFeed } from './access-unit-feed.js';
import type { AllowedCameras } from './allowed-cameras.js';
import { CameraError, cameraErrorOf } from './camera-error.js';
import { type CommandOptions, rtspCommand, unitsCommand } from './ffmpeg-command.js';
import { runUntil } from './ffmpeg-run.js';
import { FramecrcParser } from './framecrc-parser.js';
import { jpegSize } from './jpeg-size.js';
import { readAccessUnits } from './rtsp/client.js';
import type { ConnectionOptions } from './rtsp/connection.js';
import { Door } from './rtsp/door.js';
import { OtherCodecError } from './rtsp/sdp.js';

/** A picture as the camera gave it. */
export interface Picture {
  readonly jpeg: Buffer;
  /** ms since the epoch; never less than that of the picture before. */
  readonly capturedAt: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ReaderOptions extends CommandOptions {
  /** Where cameras may be. */
  readonly cameras: AllowedCameras;
  /** No picture for so long, or for three frame intervals: the camera is frozen. */
  readonly frameTimeoutMs: number;
  /** `ffmpeg`: it speaks RTSP with all cameras, not only with those that are neither H.264 nor H.265. */
  readonly rtsp?: string;
  /** Told of coded pictures that were not decoded: packets were missing, or ffmpeg was too slow. */
  readonly onUndecoded?: (pictures: number) => void;
  /** Told of the camera's codec as ffmpeg names it, where framebus itself speaks RTSP with the camera. */
  readonly onCodec?: (codec: string) => void;
}

/** For connecting, and for each answer. */
const rtspTimeoutMs = 5_000;

/**
 * Reads a camera until it ends or `signal` is aborted; returns only when ffmpeg has exited.
 * @throws CameraError unless `signal` was aborted
 */
export async function readCamera(
  spec: SessionSpec,
  options: ReaderOptions,
  signal: AbortSignal,
  onPicture: (picture: Picture) => void,
): Promise<void> {
  let failure: CameraError | undefined;
  let capturedAt = 0;
  const end = new AbortController();
  const ended = AbortSignal.any([signal, end.signal]);
  const fail = (error: CameraError) => {
    failure ??= error;
    end.abort();
  };
  const frozenMs = Math.max(options.frameTimeoutMs, 3_000 / spec.fps);
  const watchdog = setTimeout(() => {
    const seconds = Math.round(frozenMs / 100) / 10;
    fail(new CameraError('CAMERA_FROZEN', `no picture for ${seconds} s`, { seconds }));
  }, frozenMs);

  const parser = new FramecrcParser((pts, jpeg) => {
    watchdog.refresh();
    capturedAt = Math.max(capturedAt, captureTime(pts));
    onPicture({ jpeg, capturedAt, ...jpegSize(jpeg) });
  });
  const output = new Writable({
    // fluent-ffmpeg takes a closed output for the end of ffmpeg, which may still run.
    emitClose: false,
    write(chunk: Buffer, _encoding, done) {
      try {
        if (!ended.aborted) parser.push(chunk);
      } catch (cause) {
        fail(new CameraError('CAMERA_BROKEN', 'ffmpeg wrote what is no picture', {}, { cause }));
      }
      done();
    },
  });

  try {
    const said =
      (await decodeUnits(spec, options, frozenMs, ended, output)) ??
      (await decodeThroughDoor(spec, options, frozenMs, ended, output));
    fail(cameraErrorOf(said));
  } catch (error) {
    fail(error as CameraError);
  } finally {
    end.abort();
    clearTimeout(watchdog);
  }
  if (!signal.aborted && failure) throw failure;
}

/**
 * Reads access units and has ffmpeg decode them, until either ends or `signal` is aborted.
 * Resolves with what ffmpeg said, or undefined when ffmpeg is to read the camera itself.
 * @throws CameraError
 */
async function decodeUnits(
  spec: SessionSpec,
  options: ReaderOptions,
  frozenMs: number,
  signal: AbortSignal,
  output: Writable,
): Promise<string | undefined> {
  if (options.rtsp === 'ffmpeg') return undefined;
  const onDropped = options.onUndecoded ?? (() => {});
  const end = new AbortController();
  const ended = AbortSignal.any([signal, end.signal]);
  let feed: AccessUnitFeed | undefined;
  let decoding: Promise<string> | undefined;
  try {
    await readAccessUnits(
      spec.stream_url,
      { ...connectionOptions(options, frozenMs), onDropped },
      ended,
      ({ codec }) => {
        options.onCodec?.(codec);
        feed = new AccessUnitFeed(codec, onDropped);
        decoding = runUntil(unitsCommand(spec, options, codec, feed, output), ended);
        void decoding.then(() => end.abort());
        // SIGTERM alone does not wake ffmpeg while it waits for input.
        if (ended.aborted) feed.finish();
        else ended.addEventListener('abort', () => feed?.finish(), { once: true });
      },
      (unit) => feed?.offer(unit),
    );
    return (await decoding) ?? '';
  } catch (error) {
    if (!(error instanceof OtherCodecError)) throw error;
    options.onCodec?.(error.codec);
    return undefined;
  } finally {
    end.abort();
    await decoding;
    feed?.destroy();
  }
}

/** Has ffmpeg speak RTSP with the camera, through a door. Resolves with what ffmpeg said. @throws CameraError */
async function decodeThroughDoor(
  spec: SessionSpec,
  options: ReaderOptions,
  frozenMs: number,
  signal: AbortSignal,
  output: Writable,
): Promise<string> {
  const { stream_url } = spec;
  await using door = await Door.open(stream_url, connectionOptions(options, frozenMs), signal);
  let failure: Error | undefined;
  door.failed.catch((error: Error) => {
    failure = error;
  });
  const said = await runUntil(rtspCommand(spec, options, door.url, output), signal);
  if (failure) throw failure;
  return said;
}

/** The watchdog comes before the silence. */
function connectionOptions({ cameras }: ReaderOptions, frozenMs: number): ConnectionOptions {
  return { cameras, timeoutMs: rtspTimeoutMs, silenceTimeoutMs: 2 * frozenMs };
}

/** `pts` in ms since the epoch where it is one; the first picture that ffmpeg's RTSP gives has 0. */
function captureTime(pts: number): number {
  const now = Date.now();
  return pts > now - 30_000 && pts <= now + 1_000 ? Math.min(pts, now) : now;
}
