import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { everyCamera } from '@framebus/ingest/dist/src/allowed-cameras.js';
import { readAccessUnits } from '@framebus/ingest/dist/src/rtsp/client.js';
import { Child, freePort, MediaMtx, until } from '@framebus/test';
import t from 'tap';
import { Authority } from '../certificates.js';

t.test(
  'MediaMTX serves RTSPS with a certificate of a made authority, and we read it',
  async (t) => {
    await using authority = await Authority.make();
    const { cert, key } = await authority.sign('mediamtx');
    const port = await freePort();
    await using _server = await MediaMtx.start({
      ...{ MTX_RTSPENCRYPTION: 'optional', MTX_RTSPSADDRESS: `127.0.0.1:${port}` },
      ...{ MTX_RTSPSERVERCERT: cert, MTX_RTSPSERVERKEY: key },
    });
    const url = (login: string) => `rtsps://${login}@127.0.0.1:${port}/cam`;
    await using publisher = await Child.start('ffmpeg', [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-re'],
      ...['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=25', '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-tune', 'zerolatency', '-g', '25'],
      ...['-f', 'rtsp', '-rtsp_transport', 'tcp', url('publisher:publishForTests')],
    ]);
    const options = { cameras: everyCamera, timeoutMs: 5_000, silenceTimeoutMs: 10_000 };
    await until(
      'access units over TLS',
      async () => {
        if (!publisher.running) throw new Error(publisher.output);
        const stop = new AbortController();
        let units = 0;
        const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(5_000)]);
        const seen = () => {
          units += 1;
          if (units === 20) stop.abort();
        };
        const reader = url('reader:readForTests');
        await readAccessUnits(reader, options, signal, () => {}, seen).catch(() => {});
        return units >= 20;
      },
      { timeoutMs: 30_000 },
    );
    const socket = connect({ host: '127.0.0.1', port, ca: await readFile(authority.ca) });
    await once(socket, 'secureConnect');
    t.ok(socket.authorized, 'its certificate is of the authority');
    socket.destroy();
  },
);
