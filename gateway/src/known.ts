import { z } from 'zod';

/** A record that refuses fields which it does not know, and says which it knows. */
export function known<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}; known here: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}
