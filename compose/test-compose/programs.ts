import { command } from './command.js';

/** Programs of the host without which the containers can not be tried. */
export async function missingPrograms(): Promise<string[]> {
  const needed = ['docker', 'dockerd', 'debootstrap', 'busybox', 'go', 'ffmpeg'];
  const found = await Promise.all(
    needed.map((name) =>
      command('sh', ['-c', `command -v ${name}`]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return needed.filter((_, i) => !found[i]);
}
