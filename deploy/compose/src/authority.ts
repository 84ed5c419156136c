import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** PEM */
export interface Certified {
  cert: string;
  key: string;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** As long as browsers accept one. */
const CERTIFICATE_DAYS = 397;
const DUE_DAYS = 60;

/** Vouches for the servers of one deployment. */
export async function makeAuthority(): Promise<Certified> {
  return make('Fingerpost, this deployment', AUTHORITY_DAYS, [
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** `names`: all that the server is called by, addresses too. */
export async function certify(names: readonly string[], authority: Certified): Promise<Certified> {
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  return make(
    names[0]!,
    CERTIFICATE_DAYS,
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
    authority,
  );
}

/** Whether the authority vouches for it. */
export function isBy(authority: Certified, cert: string): boolean {
  const issuer = new X509Certificate(authority.cert);
  return new X509Certificate(cert).verify(issuer.publicKey);
}

/** Whether it is for all these names, and for a while yet. */
export function isGood(cert: string, names: readonly string[]): boolean {
  const certificate = new X509Certificate(cert);
  const isFor = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
  return names.every(isFor) && Date.parse(certificate.validTo) - Date.now() > DUE_DAYS * DAY_MS;
}

async function make(
  commonName: string,
  days: number,
  extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'],
  authority?: Certified,
): Promise<Certified> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + (days - 1) * DAY_MS),
    extensions,
    ...(authority && { ca: authority }),
  });
  return { cert: `${cert.trim()}\n`, key: `${key.trim()}\n` };
}
