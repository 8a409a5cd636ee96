export * from './bus.js';
export { jetStreamErrorCode } from './declare.js';
export * from './frame-metrics.js';
export * from './history-start.js';
export * from './http-metrics.js';
export * from './log.js';
export {
  Metrics,
  metricsContentType,
  type Reading,
  secondsBuckets,
} from './metrics.js';
export * from './mirror.js';
export * from './nats-connect.js';
export * from './nats-metrics.js';
export * from './nats-reason.js';
export * from './nats-settings.js';
export * from './register.js';
export * from './run.js';
export * from './settings.js';
export * from './trace.js';
