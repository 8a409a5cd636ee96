/** Whether the process exists, or with `-pid` anything of its process group; a zombie does too. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
