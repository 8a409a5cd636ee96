export * from './bus.js';
export * from './log.js';
export * from './log-limit.js';
export * from './mirror.js';
export * from './register.js';
export * from './run.js';
export * from './settings.js';
export * from './trace.js';
