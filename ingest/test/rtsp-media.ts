import { spawn } from 'node:child_process';
import { Child, freePort, repositoryFile, until } from '@framebus/test';
import { everyCamera } from '../src/allowed-cameras.js';
import type { AccessUnit } from '../src/rtsp/access-unit.js';
import { readAccessUnits } from '../src/rtsp/client.js';
import { type IvfCodec, ivfFrame, ivfHeader } from '../src/rtsp/ivf.js';
import type { RtpPacket } from '../src/rtsp/rtp.js';
import type { VideoTrack } from '../src/rtsp/sdp.js';

export const options = { cameras: everyCamera, timeoutMs: 5_000, silenceTimeoutMs: 10_000 };

/** Our relay as a process of its own, with one camera that ffmpeg publishes. */
export async function relayWith(encoder: readonly string[]) {
  const port = await freePort();
  const url = `rtsp://127.0.0.1:${port}/cam`;
  const main = repositoryFile('compose/dist/src/relay/main.js');
  const relay = await Child.start(process.execPath, [main], { RTSP_PORT: String(port) });
  await until('relay listens', () => {
    if (!relay.running) throw new Error(relay.output);
    return relay.output.includes('relay listens');
  });
  const publisher = await Child.start('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-re'],
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=25', '-f', 'lavfi', '-i', 'sine'],
    ...['-map', '1:a', '-c:a', 'aac', '-map', '0:v', '-pix_fmt', 'yuv420p', ...encoder, '-g', '25'],
    ...['-f', 'rtsp', '-rtsp_transport', 'tcp', url],
  ]);
  /** The path is there once the publisher has begun. */
  const published = () => until('the camera is published', () => isPublished(url));
  const stop = async () => {
    await publisher.stop('SIGKILL');
    await relay.stop('SIGKILL');
  };
  return { url, published, [Symbol.asyncDispose]: stop };
}

async function isPublished(url: string): Promise<boolean> {
  try {
    await unitsOf(url, 1);
    return true;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'CAMERA_NOT_FOUND') return false;
    if (code === 'CAMERA_OTHER_CODEC') return true;
    throw error;
  }
}

/** The access units of a camera, up to `count`. */
export async function unitsOf(url: string, count: number, cameras = everyCamera) {
  const stop = new AbortController();
  const units: AccessUnit[] = [];
  let track: VideoTrack | undefined;
  await readAccessUnits(
    url,
    { ...options, cameras },
    AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
    (found) => {
      track = found;
    },
    (unit) => {
      if (units.length < count) units.push(unit);
      if (units.length === count) stop.abort();
    },
  );
  return { units, track };
}

/** What ffmpeg makes of access units in IVF: its pictures' pts, and what it complained of. */
export async function decode(codec: IvfCodec, units: readonly AccessUnit[]) {
  const child = spawn('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-probesize', '32', '-analyzeduration', '0'],
    ...['-c:v', codec, '-f', 'ivf', '-i', 'pipe:0', '-copyts', '-fps_mode', 'passthrough'],
    ...['-enc_time_base', '1:1000', '-f', 'framecrc', '-'],
  ]);
  let [lines, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exited = new Promise((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => {});
  child.stdin.write(ivfHeader(codec));
  for (const { bytes, pts } of units) {
    child.stdin.write(ivfFrame(bytes, pts));
  }
  child.stdin.end();
  await exited;
  const times = lines.split('\n').filter((line) => /^0,/.test(line));
  return { pts: times.map((line) => Number(line.split(',')[2])), errors };
}

/** Packets with payloads in a row; a new timestamp for each group, the marker at the end of each. */
export function packets(groups: readonly (readonly Buffer[])[], firstSequence = 65_530) {
  let sequence = firstSequence;
  return groups.flatMap((payloads, group) =>
    payloads.map((payload, at): RtpPacket => {
      sequence += 1;
      return {
        payloadType: 96,
        marker: at === payloads.length - 1,
        sequence: sequence & 0xffff,
        timestamp: (group + 1) * 3_600,
        ssrc: 7,
        payload,
      };
    }),
  );
}
