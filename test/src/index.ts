export * from './cameras.js';
export * from './child.js';
export * from './nats.js';
export * from './ports.js';
export * from './services.js';
export * from './stack.js';
export * from './until.js';
export * from './viewer.js';
