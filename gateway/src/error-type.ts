export type ErrorType = 'json' | 'html' | 'xml' | 'plain';

const typesByName = new Map<string, ErrorType>([
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['application/xml', 'xml'],
  ['text/html', 'html'],
  ['text/plain', 'plain'],
  ['text/*', 'plain'],
  ['*/*', 'json'],
]);

/**
 * The form of an error that the client likes best, by an `Accept` header. JSON is for those that
 * say nothing, and for those that like nothing better than a type which errors do not have.
 */
export function errorType(accept: string | undefined): ErrorType {
  let best: ErrorType = 'json';
  let bestQuality = 0;
  for (const entry of (accept ?? '').split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    if (!/^[^/\s]+\/[^/\s]+$/.test(name)) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(q.slice(2));
    if (!(quality > bestQuality && quality <= 1)) continue;
    bestQuality = quality;
    best = typesByName.get(name) ?? 'json';
  }
  return best;
}
