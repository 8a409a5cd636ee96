import { Child, freePort, repositoryFile, until } from '@framebus/test';

/** A real RTSP server with cameras `name: source`; see test/rtsp/gst_rtsp_server.py for sources. */
export class RtspCamera implements AsyncDisposable {
  readonly port: number;
  readonly #mounts: readonly string[];
  #child: Child | undefined;

  private constructor(port: number, mounts: readonly string[]) {
    this.port = port;
    this.#mounts = mounts;
  }

  static async start(mounts: Readonly<Record<string, string>>): Promise<RtspCamera> {
    const list = Object.entries(mounts).map(([name, source]) => `${name}=${source}`);
    const camera = new RtspCamera(await freePort(), list);
    await camera.up();
    return camera;
  }

  url(name: string, login = ''): string {
    return `rtsp://${login}127.0.0.1:${this.port}/${name}`;
  }

  async up(): Promise<void> {
    const script = repositoryFile('test/rtsp/gst_rtsp_server.py');
    const args = [script, String(this.port), ...this.#mounts];
    const child = await Child.start('/usr/bin/python3', args);
    this.#child = child;
    await until('RTSP server is ready', () => {
      if (!child.running) throw new Error(`RTSP server failed: ${child.output}`);
      return child.output.includes('ready');
    });
  }

  /** The camera goes away, as in a power cut. */
  async down(): Promise<void> {
    await this.#child?.stop('SIGKILL');
  }

  /** The camera hangs: its connections stay open and nothing comes. */
  freeze(): void {
    this.#child?.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.process.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }
}
