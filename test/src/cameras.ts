import { Child } from './child.js';
import { freePort } from './ports.js';
import { repositoryFile } from './services.js';
import { until } from './until.js';

/** ffmpeg publishing a file in a loop, at its own speed, to an RTSP server. */
export function publishFile(url: string, file = repositoryFile('models/shapes/demo.mp4')) {
  return Child.start('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-loglevel', 'warning', '-re', '-stream_loop', '-1'],
    ...['-i', file, '-c', 'copy', '-f', 'rtsp', '-rtsp_transport', 'tcp'],
    // A picture in one packet: ffmpeg leaves Nagle's algorithm on, which holds a second one back for up to 40 ms.
    ...['-pkt_size', '60000', url],
  ]);
}

/** ffmpeg publishing a small test picture at `fps`. `size` in pixels. */
export function publishTestPicture(url: string, fps: number, size = '320x180') {
  return Child.start('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-loglevel', 'warning', '-re'],
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${fps}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', `${fps}`],
    ...['-pix_fmt', 'yuv420p', '-f', 'rtsp', '-rtsp_transport', 'tcp', url],
  ]);
}

/** An RTSP server that is not ours: GStreamer's, with one camera (see rtsp/gst_rtsp_server.py for `source`). */
export class GstRtspServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: Child;

  private constructor(url: string, child: Child) {
    this.url = url;
    this.#child = child;
  }

  /** Throws with the command to install it when it is not there: such a test must not look green. */
  static async start(source: string): Promise<GstRtspServer> {
    const port = await freePort();
    const script = repositoryFile('test/rtsp/gst_rtsp_server.py');
    const child = await Child.start('/usr/bin/python3', [script, `${port}`, `camera=${source}`]);
    await until('GStreamer RTSP server is ready', () => {
      if (child.running) return child.output.includes(`ready ${port}`);
      throw new Error(`${child.output}\ninstall: ${gstPackages}`);
    });
    return new GstRtspServer(`rtsp://127.0.0.1:${port}/camera`, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stop('SIGKILL');
  }
}

const gstPackages =
  'apt-get install gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-{base,good,bad,ugly}';
