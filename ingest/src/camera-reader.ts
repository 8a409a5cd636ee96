import type { ChildProcess } from 'node:child_process';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { SessionSpec } from '@framebus/contract';
import ffmpeg from 'fluent-ffmpeg';
import { CameraError, cameraErrorOf } from './camera-error.js';
import { FramecrcParser } from './framecrc-parser.js';
import { mjpegScale } from './jpeg-quality.js';
import { jpegSize } from './jpeg-size.js';

/** A picture as the camera gave it. */
export interface Picture {
  readonly jpeg: Buffer;
  /** ms since the epoch; never less than that of the picture before. */
  readonly capturedAt: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ReaderOptions {
  readonly ffmpegPath: string;
  readonly hwaccel: string;
  /** No picture for so long, or for three frame intervals: the camera is frozen. */
  readonly frameTimeoutMs: number;
}

/** ffmpeg gets SIGKILL so long after SIGTERM. */
const killAfterMs = 2_000;
/** Bursts of pictures that a network or B-frames make are let through up to this length. */
const burstSeconds = 0.15;

/** Learns once what this ffmpeg can do, as fluent-ffmpeg wants to know. @throws CameraError when there is none */
export async function probeFfmpeg(ffmpegPath: string): Promise<void> {
  const command = ffmpeg().setFfmpegPath(ffmpegPath);
  try {
    await promisify(command.getAvailableFormats.bind(command))();
    await promisify(command.getAvailableEncoders.bind(command))();
  } catch (cause) {
    throw new CameraError('FFMPEG_MISSING', `${ffmpegPath} cannot be run`, { cause });
  }
}

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
  const frozenMs = Math.max(options.frameTimeoutMs, 3_000 / spec.fps);
  const watchdog = setTimeout(() => {
    const seconds = Math.round(frozenMs / 100) / 10;
    failure = new CameraError('CAMERA_FROZEN', `no picture for ${seconds} s`);
    end.abort();
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
        if (!signal.aborted && !end.signal.aborted) parser.push(chunk);
      } catch (cause) {
        failure = new CameraError('CAMERA_BROKEN', 'ffmpeg wrote what is no picture', { cause });
        end.abort();
      }
      done();
    },
  });

  const stderr = await runUntil(
    buildCommand(spec, options, output),
    AbortSignal.any([signal, end.signal]),
  ).finally(() => {
    end.abort();
    clearTimeout(watchdog);
  });
  if (!signal.aborted) throw failure ?? cameraErrorOf(stderr);
}

/** `pts` in ms since the epoch where it is one; the first picture of a run has 0. */
function captureTime(pts: number): number {
  const now = Date.now();
  return pts > now - 30_000 && pts <= now + 1_000 ? Math.min(pts, now) : now;
}

/** Runs ffmpeg to its end, which `signal` hastens. Resolves with what it said of its failure, bounded. */
function runUntil(command: ffmpeg.FfmpegCommand, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let killer: NodeJS.Timeout | undefined;
    const stop = () => {
      command.kill('SIGTERM');
      killer = setTimeout(() => command.kill('SIGKILL'), killAfterMs);
    };
    const ended = (said: string) => {
      signal.removeEventListener('abort', stop);
      clearTimeout(killer);
      resolve(said);
    };
    command
      .on('start', () => {
        // Without this fluent-ffmpeg would throw where no one can catch it.
        const { ffmpegProc } = command as unknown as { ffmpegProc: ChildProcess };
        if (ffmpegProc.pid === undefined) {
          ffmpegProc.removeAllListeners('error').on('error', (error) => ended(String(error)));
        } else if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      })
      .on('end', (_stdout: string | null, stderr: string | null) => ended(stderr ?? ''))
      .on('error', (error: Error, _stdout: string | null, stderr: string | null) =>
        ended(stderr || error.message),
      )
      .run();
  });
}

function buildCommand(
  spec: SessionSpec,
  options: ReaderOptions,
  output: Writable,
): ffmpeg.FfmpegCommand {
  const { fps } = spec;
  return ffmpeg({ source: spec.stream_url, stdoutLines: 20 })
    .setFfmpegPath(options.ffmpegPath)
    .inputOptions([
      ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
      ...(options.hwaccel === 'none' ? [] : ['-hwaccel', options.hwaccel]),
      ...['-rtsp_transport', 'tcp', '-timeout', '5000000', '-protocol_whitelist', 'tcp,tls'],
      // First picture after 0.4 s rather than 1.1 s, and 40 ms rather than 120 ms from the camera to here.
      ...['-probesize', '100000', '-analyzeduration', '100000', '-flags', 'low_delay'],
      ...['-use_wallclock_as_timestamps', '1'],
    ])
    .outputOptions([
      ...['-an', '-map', '0:v:0', '-vf', [sample(fps), ascend, scale(spec.max_width)].join(',')],
      ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-copyts'],
      // A second thread of the encoder would hold a picture back until the next one.
      ...['-c:v', 'mjpeg', '-q:v', String(mjpegScale(spec.jpeg_quality)), '-threads', '1'],
      ...['-f', 'tee', '[f=framecrc:flush_packets=1]pipe:1|[f=image2pipe:flush_packets=1]pipe:1'],
      // fluent-ffmpeg gives us standard output only as an output of its own: this one writes nothing.
      ...['-map', '0:v:0', '-c', 'copy', '-f', 'null'],
    ])
    .output(output);
}

/**
 * Never more than `fps` on average, never a picture twice, and every one of a camera that is no faster:
 * a picture is taken when it is due or at most `burstSeconds` early, and puts off what is due by 1/fps.
 * (The `fps` filter would fill the gap between the first pts, which is 0, and the epoch with copies.)
 */
function sample(fps: number): string {
  return `select='if(gte(t,ld(0)-${burstSeconds}),1+0*st(0,max(ld(0),t)+1/${fps}),0)'`;
}

/** B-frames arrive out of order, so their times of arrival do not ascend, which the encoder asks for. */
const ascend = "setpts='if(isnan(PREV_OUTPTS),PTS,max(PTS,PREV_OUTPTS+0.001/TB))'";

function scale(maxWidth: number): string {
  return `scale='min(${maxWidth},iw)':-2,format=yuvj420p`;
}
