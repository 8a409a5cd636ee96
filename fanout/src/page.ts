import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.js';
import type { FanoutConfig } from './settings.js';

/** HTML, CSS and SVG as they were written, and the compiled JavaScript. */
const roots = ['../../page', '../page'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const served = /\.(html|css|js|svg|png|ico|webmanifest)$/;

/** The page's MessagePack decoder, in the build that makes no functions out of text: the policy forbids that. */
const msgpackr = createRequire(import.meta.url).resolve('msgpackr/unpack-no-eval');

/** `origins` are others than the page's own that it may call. */
const contentSecurityPolicy = (origins: readonly string[]) =>
  [
    "default-src 'self'",
    "img-src 'self' blob: data:",
    ["connect-src 'self' ws: wss:", ...origins].join(' '),
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

/**
 * The viewer page: `GET /`, its files, `GET /viewer.json` with the key that it uses when it is given none,
 * and `GET /ws/webrtc`, which the gateway opens only to a key, with where cameras play over WebRTC.
 */
export async function servePage(app: FastifyInstance, config: FanoutConfig): Promise<void> {
  const { viewerApiKey: apiKey, webrtcUrl, webrtcRtspUrls, webrtcUser, webrtcPassword } = config;
  const policy = contentSecurityPolicy(webrtcUrl === '' ? [] : [new URL(webrtcUrl).origin]);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', policy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });

  app.get('/viewer.json', (request, reply) => {
    // A gateway may allow every origin: other sites' pages shall not read the key.
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      throw new Refusal('CROSS_SITE', 'viewer.json is for the viewer page alone');
    }
    return reply.header('cache-control', 'no-store').send({ api_key: apiKey || null });
  });

  app.get('/ws/webrtc', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({
      url: webrtcUrl || null,
      rtsp_urls: webrtcRtspUrls,
      user: webrtcUser || null,
      password: webrtcPassword || null,
    }),
  );

  const decoder = await readFile(msgpackr);
  app.get('/vendor/msgpackr.js', (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('text/javascript').send(decoder),
  );

  const root = roots.filter((path) => existsSync(path));
  if (root.length === 0) return;
  await app.register(fastifyStatic, {
    root,
    allowedPath: (path) => path.endsWith('/') || served.test(path),
    cacheControl: false,
    setHeaders: (reply) => reply.setHeader('cache-control', 'no-cache'),
  });
}
