import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', [...args]);

/** A certificate authority made for a test, in a folder that goes with it. */
export class Authority implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Authority> {
    const authority = new Authority(await mkdtemp(join(tmpdir(), 'framebus-test-ca-')));
    const { ca, caKey } = authority;
    await openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '1', '-subj', '/CN=test authority', '-keyout', caKey, '-out', ca],
    );
    return authority;
  }

  /** PEM file of its own certificate. */
  get ca(): string {
    return join(this.#folder, 'ca.pem');
  }

  private get caKey(): string {
    return join(this.#folder, 'ca-key.pem');
  }

  /** PEM files of a certificate for 127.0.0.1, of a server or a client, and of its key. */
  async sign(name: string): Promise<{ readonly cert: string; readonly key: string }> {
    const file = (suffix: string) => join(this.#folder, `${name}${suffix}`);
    const [cert, key, request, extensions] = [
      file('.pem'),
      file('-key.pem'),
      file('.csr'),
      file('.ext'),
    ];
    await writeFile(
      extensions,
      'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n',
    );
    await openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-subj', `/CN=${name}`, '-keyout', key, '-out', request],
    );
    await openssl(
      ...['x509', '-req', '-in', request, '-CA', this.ca, '-CAkey', this.caKey, '-CAcreateserial'],
      ...['-days', '1', '-extfile', extensions, '-out', cert],
    );
    return { cert, key };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
