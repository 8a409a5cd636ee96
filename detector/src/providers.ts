import type { Logger } from '@framebus/contract/service';
import { UnknownModelError } from './graph.js';
import type { LoadModel, Model, ModelOptions } from './model.js';

/** No execution provider that may be used could load the model. */
export class NoProviderError extends Error {
  override readonly name = 'NoProviderError';
  readonly code = 'PROVIDER_NONE';
}

/**
 * Loads the model with the first provider that works: a missing library makes onnxruntime refuse rather than fall back.
 * @throws NoProviderError, UnknownModelError
 */
export async function loadWithFirstProvider(
  providers: readonly string[],
  requireGpu: boolean,
  options: Omit<ModelOptions, 'provider'>,
  load: LoadModel,
  log: Logger,
): Promise<Model> {
  const allowed = requireGpu ? providers.filter((provider) => provider !== 'cpu') : providers;
  const reasons: string[] = [];
  for (const provider of allowed) {
    try {
      const model = await load({ ...options, provider });
      log.info({ provider, model: options.path, style: model.style }, 'model loaded');
      return model;
    } catch (error) {
      if ((error as Error).name === UnknownModelError.name) throw error;
      reasons.push(`${provider}: ${(error as Error).message}`);
      log.warn({ provider, reason: String(error) }, 'provider can not load the model');
    }
  }
  const rule = requireGpu ? ' (REQUIRE_GPU leaves cpu out)' : '';
  throw new NoProviderError(
    `no provider of DETECTOR_PROVIDERS=${providers.join(',')}${rule} could load the model: ${reasons.join('; ') || 'none is left'}`,
  );
}
