import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child, until } from '@framebus/test';
import type { Relay } from '../src/relay/relay.js';

const run = promisify(execFile);

/** Short clips of a test picture in a folder of their own. */
export class Clips implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Clips> {
    return new Clips(await mkdtemp(join(tmpdir(), 'framebus-test-clips-')));
  }

  /** 2 s of 320x180 at 25 fps with a key frame each second; returns its file. */
  async clip(encoder: 'libx264' | 'libx265', audio = false): Promise<string> {
    const file = join(this.#folder, `${encoder}-${audio}.mp4`);
    await run('ffmpeg', [
      ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
      ...(audio ? ['-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'aac'] : []),
      ...['-t', '2', '-c:v', encoder, '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'],
      ...['-threads', '1', file],
    ]);
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

/** Publishes a clip over and over, at most a minute, and waits until the relay has it. */
export async function publishClip(relay: Relay, file: string, name: string): Promise<Child> {
  const child = await Child.start('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', file, '-t', '60'],
    ...[
      '-c',
      'copy',
      '-f',
      'rtsp',
      '-rtsp_transport',
      'tcp',
      `rtsp://127.0.0.1:${relay.port}/${name}`,
    ],
  ]);
  await until(`${name} is published`, () => relay.paths().some((path) => path.name === name));
  return child;
}

/** Starts a player that decodes frames and prints a line for each; it ends within 20 s. */
export function startPlayer(
  url: string,
  frames: number,
  options: readonly string[],
): Promise<Child> {
  return Child.start('timeout', [
    ...['20', 'ffmpeg', '-nostdin', '-loglevel', 'error', ...options, '-i', url],
    ...['-map', '0', '-frames:v', String(frames), '-f', 'framecrc', '-'],
  ]);
}

export interface Played {
  readonly exitCode: number | null;
  readonly errors: string;
  /** Decoded frames of each track. */
  readonly frames: readonly number[];
}

/** Waits until a player has ended and counts what it decoded. */
export async function played(player: Child): Promise<Played> {
  await until('the player has ended', () => !player.running, { timeoutMs: 25_000, everyMs: 50 });
  const lines = player.output.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const frames = [0, 1].map((track) => lines.filter((line) => line.startsWith(`${track},`)).length);
  return {
    exitCode: player.process.exitCode,
    errors: lines.filter((line) => !/^\d,/.test(line)).join('\n'),
    frames,
  };
}
