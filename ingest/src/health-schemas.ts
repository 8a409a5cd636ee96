/** JSON Schema of the answer about how the system is. */
export const healthAnswer = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['healthy', 'degraded'] },
    model_loaded: { type: 'boolean' },
    gpu_available: { type: 'boolean' },
    uptime_seconds: { type: 'number' },
    detectors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          model: { type: 'string' },
          provider: { type: 'string' },
          frames: { type: 'integer', description: 'analysed since it started' },
          fps: { type: ['number', 'null'], description: 'frames per second of late' },
          inference_ms: { type: 'number', description: 'mean of its last inferences' },
          prepare_ms: { type: 'number' },
          age_ms: { type: 'number', description: 'from capture to published event' },
          threads: { type: 'integer' },
          mean_batch: { type: 'number' },
          dropped: { type: 'object', additionalProperties: { type: 'integer' } },
        },
      },
    },
    queue: {
      type: ['object', 'null'],
      description: 'cameras that wait for a detector',
      properties: {
        waiting: { type: 'integer' },
        oldest_ms: { type: 'integer', description: 'how long the first has waited' },
      },
    },
    reasons: { type: 'array', items: { type: 'string' } },
  },
} as const;
