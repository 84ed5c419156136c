import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate for this machine that is its own authority, in PEM files of that folder. Needs the program `openssl`. */
export function makeCertificate(folder: string, address?: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['IP:127.0.0.1', 'DNS:localhost', ...(address === undefined ? [] : [`IP:${address}`])];
  const whom = ['-subj', '/CN=fingerpost-test', '-addext', `subjectAltName=${names.join()}`];
  execFileSync('openssl', ['req', ...kind, ...whom, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}
