const storageName = 'framebus.apikey';

/** The key to begin with: of the address, else kept from before, else the server's; null when there is none. */
export async function findKey(): Promise<string | null> {
  const given = takeKeyFromAddress();
  if (given !== null) keepKey(given);
  return given ?? localStorage.getItem(storageName) ?? (await serverKey());
}

export function keepKey(key: string): void {
  localStorage.setItem(storageName, key);
}

export function forgetKey(): void {
  localStorage.removeItem(storageName);
}

/** The key that the server gives to whoever can open the page; null when it gives none. */
export async function serverKey(): Promise<string | null> {
  try {
    const response = await fetch(new URL('viewer.json', import.meta.url));
    const { api_key } = (await response.json()) as { api_key?: unknown };
    return typeof api_key === 'string' && api_key !== '' ? api_key : null;
  } catch {
    return null;
  }
}

/** Out of the address bar at once, so that it is not in a bookmark or a screenshot. */
function takeKeyFromAddress(): string | null {
  const address = new URL(location.href);
  const key = address.searchParams.get('apikey');
  if (key === null) return null;
  address.searchParams.delete('apikey');
  history.replaceState(null, '', address);
  return key === '' ? null : key;
}
