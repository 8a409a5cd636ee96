import type { PluginKind } from '../plugin.js';
import { acl } from './acl.js';
import { correlationId } from './correlation-id.js';
import { cors } from './cors.js';
import { keyAuth } from './key-auth.js';
import { rateLimiting } from './rate-limiting.js';
import { requestSizeLimiting } from './request-size-limiting.js';
import { requestTermination } from './request-termination.js';
import { requestTransformer } from './request-transformer.js';

/** Every plugin that the file may name. */
export const pluginKinds: readonly PluginKind[] = [
  correlationId,
  cors,
  keyAuth,
  requestSizeLimiting,
  acl,
  rateLimiting,
  requestTransformer,
  requestTermination,
];
