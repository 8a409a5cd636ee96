export * from './events.js';
export * from './frame.js';
export * from './session.js';
export * from './session-id.js';
export * from './since.js';
export * from './streams.js';
export * from './subjects.js';
export * from './ticket.js';
