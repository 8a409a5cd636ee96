import { writeFile } from 'node:fs/promises';
import { AllowedCameras, everyCamera } from '@framebus/ingest/dist/src/allowed-cameras.js';
import { readAccessUnits } from '@framebus/ingest/dist/src/rtsp/client.js';
import { MediaMtx, publishFile, Stack, until } from '@framebus/test';
import t from 'tap';
import { Authority } from '../certificates.js';

function camerasSignedBy(streamTlsCa: string): AllowedCameras {
  const streamAddresses = ['loopback'] as const;
  const rules = { streamSchemes: ['rtsps'], streamHosts: [], streamPorts: [], streamAddresses };
  return new AllowedCameras({ ...rules, streamTlsCa });
}

/** Access units of a camera as ingest's RTSP client reads them, up to `count`, and how many were dropped. */
async function unitsOf(url: string, count: number, cameras = everyCamera) {
  const stop = new AbortController();
  let units = 0;
  let dropped = 0;
  let encrypted = false;
  await readAccessUnits(
    url,
    {
      ...{ cameras, timeoutMs: 10_000, silenceTimeoutMs: 20_000 },
      onDropped: (more) => {
        dropped += more;
      },
    },
    AbortSignal.any([stop.signal, AbortSignal.timeout(40_000)]),
    ({ keys }) => {
      encrypted = keys !== undefined;
    },
    () => {
      units++;
      if (units === count) stop.abort();
    },
  );
  return { units, dropped, encrypted };
}

/** A MediaMTX with a certificate of the authority. */
async function secureServer(authority: Authority, encryption: 'strict' | 'optional') {
  const { cert, key } = await authority.sign('mediamtx');
  return MediaMtx.start({
    ...{ MTX_RTSPENCRYPTION: encryption, MTX_RTSPSERVERCERT: cert, MTX_RTSPSERVERKEY: key },
  });
}

async function isPublished(server: MediaMtx, name: string): Promise<boolean> {
  return (await server.api(`/v3/paths/get/${name}`)).ok;
}

t.test('a camera behind rtsps is read encrypted, and its certificate can be checked', async (t) => {
  await using authority = await Authority.make();
  await using other = await Authority.make();
  await using server = await secureServer(authority, 'strict');
  await using _camera = await publishFile(server.secure(server.publishUrl('yard')));
  await until('the camera is there', () => isPublished(server, 'yard'), { timeoutMs: 30_000 });
  const url = server.secure(server.readUrl('yard'));
  const wanted = { units: 60, dropped: 0, encrypted: true };
  t.match(await unitsOf(url, 60, camerasSignedBy(authority.ca)), wanted);
  t.match(await unitsOf(url, 60), wanted, 'certificates are not checked by default');
  const strange = unitsOf(url, 1, camerasSignedBy(other.ca));
  await t.rejects(strange, {
    code: 'CAMERA_TLS',
    message: /not signed by an authority of STREAM_TLS_CA/,
  });
  const missing = unitsOf(url, 1, camerasSignedBy(`${authority.ca}.none`));
  await t.rejects(missing, {
    code: 'CAMERA_TLS',
    message: /STREAM_TLS_CA cannot be read \(ENOENT\)/,
  });
  const file = `${authority.ca}.broken`;
  await writeFile(file, 'no certificate');
  await t.rejects(unitsOf(url, 1, camerasSignedBy(file)), { code: 'CAMERA_TLS' });
  const login = server.secure(server.url('yard', 'reader:wrong'));
  const refused = unitsOf(login, 1, camerasSignedBy(authority.ca));
  await t.rejects(refused, { code: 'CAMERA_UNAUTHORISED' });
});

t.test('sessions read one MediaMTX over rtsp and, with its authority, over rtsps', async (t) => {
  await using authority = await Authority.make();
  await using server = await secureServer(authority, 'optional');
  await using _camera = await publishFile(server.publishUrl('yard'));
  await until('the camera is there', () => isPublished(server, 'yard'), { timeoutMs: 30_000 });
  await using stack = await Stack.start({ ingestEnv: { STREAM_TLS_CA: authority.ca } });
  await stack.startSession('plain', server.readUrl('yard'));
  await stack.startSession('secure', server.secure(server.readUrl('yard')));
  for (const session of ['plain', 'secure']) {
    await using viewer = await stack.view(session);
    const results = () => viewer.of('frame_result').length;
    await until(`results of ${session}`, () => results() >= 10, { timeoutMs: 60_000 });
    t.ok(results() >= 10);
  }
});
