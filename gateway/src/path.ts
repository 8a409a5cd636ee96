// Bytes that stay percent-encoded, since decoding them would change what the path means.
const reserved = new Set("!*'();:@&=+$,/?%#[]");

/**
 * The path that routes are matched with, as Kong makes it: what is not reserved is decoded,
 * `.` and `..` segments are resolved and slashes merged. Each character is one byte.
 */
export function normalizePath(path: string): string {
  const decoded = path.replace(/%[\da-f]{2}/gi, (encoded) => {
    const char = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return reserved.has(char) ? encoded.toUpperCase() : char;
  });
  const segments: string[] = [];
  const parts = decoded.split('/').slice(1);
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    if (part === '..') segments.pop();
    const skipped = part === '' || part === '.' || part === '..';
    if (!skipped) segments.push(part);
    else if (last) segments.push('');
  }
  return `/${segments.join('/')}`;
}

/** A normalized path as it is sent. */
export function escapePath(path: string): string {
  return path.replace(
    /[^!#$&'()*+,/:;=?@[\]A-Za-z\d\-_.~%]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * The path at the upstream (Kong's path handling v0).
 * @param base path of the service, "/" with none
 * @param matched the part of `path` that the route matched, when the route strips it
 */
export function upstreamPath(base: string, path: string, matched: string | undefined): string {
  if (matched === undefined && path === '/') return base;
  const rest =
    matched === undefined ? path : path.slice(matched.length).replace(/^\.{1,2}(\/|$)/, '');
  const stem = base.replace(/\/$/, '');
  if (rest !== '') return rest.startsWith('/') ? stem + rest : `${stem}/${rest}`;
  const slash = path.endsWith('/') && (path.length > 1 || base.endsWith('/'));
  return slash || stem === '' ? `${stem}/` : stem;
}
