// Loaded before a service by `node --import @framebus/contract/telemetry`; everything is set by OTEL_* variables.
import { type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * No context is active but the root: framebus hands contexts on itself, see `traced`. The SDK's own manager keeps them in
 * AsyncLocalStorage, whose hooks would run for every promise and callback of the process.
 */
const contextManager: ContextManager = {
  active: () => ROOT_CONTEXT,
  with: (_context, work, thisArg, ...args) => work.call(thisArg, ...args),
  bind: (_context, target) => target,
  enable: () => contextManager,
  disable: () => contextManager,
};

const sdk = new NodeSDK({ instrumentations: [], contextManager });
sdk.start();
// A service that has stopped leaves the event loop empty: what is not sent yet goes out then.
process.once('beforeExit', () => {
  void sdk.shutdown().catch(() => {});
});
