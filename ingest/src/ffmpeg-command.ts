import type { Readable, Writable } from 'node:stream';
import type { SessionSpec } from '@framebus/contract';
import ffmpeg from 'fluent-ffmpeg';
import { mjpegScale } from './jpeg-quality.js';
import type { IvfCodec } from './rtsp/ivf.js';

export interface CommandOptions {
  readonly ffmpegPath: string;
  readonly hwaccel: string;
}

/** Bursts of pictures that a network or B-frames make are let through up to this length. */
const burstSeconds = 0.15;

/** ffmpeg that decodes access units, in IVF, as they come. */
export function unitsCommand(
  spec: SessionSpec,
  options: CommandOptions,
  codec: IvfCodec,
  units: Readable,
  output: Writable,
): ffmpeg.FfmpegCommand {
  return command(spec, options, units, output, [
    ...['-protocol_whitelist', 'pipe', '-probesize', '32', '-analyzeduration', '0'],
    ...['-flags', 'low_delay', '-c:v', codec, '-f', 'ivf'],
  ]);
}

/** ffmpeg that reads RTSP from a door. Its parser holds each picture until the next one begins. */
export function rtspCommand(
  spec: SessionSpec,
  options: CommandOptions,
  doorUrl: string,
  output: Writable,
): ffmpeg.FfmpegCommand {
  return command(spec, options, doorUrl, output, [
    ...['-rtsp_transport', 'tcp', '-timeout', '5000000', '-protocol_whitelist', 'tcp'],
    // First picture after 0.4 s rather than 1.1 s, and 40 ms rather than 120 ms from the camera to here.
    ...['-probesize', '100000', '-analyzeduration', '100000', '-flags', 'low_delay'],
    ...['-use_wallclock_as_timestamps', '1'],
  ]);
}

function command(
  spec: SessionSpec,
  { ffmpegPath, hwaccel }: CommandOptions,
  source: string | Readable,
  output: Writable,
  inputOptions: readonly string[],
): ffmpeg.FfmpegCommand {
  const filters = [sample(spec.fps), ascend, scale(spec.max_width)].join(',');
  return ffmpeg({ source, stdoutLines: 20 })
    .setFfmpegPath(ffmpegPath)
    .inputOptions([
      ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
      ...(hwaccel === 'none' ? [] : ['-hwaccel', hwaccel]),
      ...inputOptions,
    ])
    .outputOptions([
      ...['-an', '-map', '0:v:0', '-vf', filters],
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
 * (The `fps` filter would fill the gap between a first pts of 0, as ffmpeg's RTSP gives it, and the epoch with copies.)
 */
function sample(fps: number): string {
  return `select='if(gte(t,ld(0)-${burstSeconds}),1+0*st(0,max(ld(0),t)+1/${fps}),0)'`;
}

/** B-frames arrive out of order, so their times of arrival do not ascend, which the encoder asks for. */
const ascend = "setpts='if(isnan(PREV_OUTPTS),PTS,max(PTS,PREV_OUTPTS+0.001/TB))'";

function scale(maxWidth: number): string {
  return `scale='min(${maxWidth},iw)':-2,format=yuvj420p`;
}
