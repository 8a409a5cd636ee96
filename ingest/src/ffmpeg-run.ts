import type { ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import ffmpeg from 'fluent-ffmpeg';
import { CameraError } from './camera-error.js';

/** ffmpeg gets SIGKILL so long after SIGTERM. */
const killAfterMs = 2_000;

/** Learns once what this ffmpeg can do, as fluent-ffmpeg wants to know. @throws CameraError when there is none */
export async function probeFfmpeg(ffmpegPath: string): Promise<void> {
  const command = ffmpeg().setFfmpegPath(ffmpegPath);
  try {
    await promisify(command.getAvailableFormats.bind(command))();
    await promisify(command.getAvailableEncoders.bind(command))();
  } catch (cause) {
    throw new CameraError('FFMPEG_MISSING', `${ffmpegPath} cannot be run`, {}, { cause });
  }
}

/** Runs ffmpeg to its end, which `signal` hastens. Resolves with what it said of its failure, bounded. */
export function runUntil(command: ffmpeg.FfmpegCommand, signal: AbortSignal): Promise<string> {
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
