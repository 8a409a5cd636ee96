// Loaded before a service by `node --import @framebus/contract/telemetry`; everything is set by OTEL_* variables.
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ instrumentations: [] });
sdk.start();
// A service that has stopped leaves the event loop empty: what is not sent yet goes out then.
process.once('beforeExit', () => {
  void sdk.shutdown().catch(() => {});
});
