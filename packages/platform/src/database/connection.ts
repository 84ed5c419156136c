import type { ClientConfig } from 'pg';

export interface ServerSettings {
  /** `postgres://user:password@host:5432/name?sslmode=verify-full` */
  url: string;
  /** PEM of the authorities that vouch for the server, where those of the system do not */
  ca?: string;
}

/** The driver would let these overrule what we tell it. */
const NOT_HERE = ['ssl', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat'];
const MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

/**
 * What pg is told. Unlike libpq's, a connection that is encrypted is always to whom it says: an unverified one protects from nobody who
 * could read it. Only `disable`, or a server on this machine, does without.
 * @throws Error that says what is wrong with the address
 */
export function connectionOf({ url, ca }: ServerSettings): ClientConfig {
  const address = URL.parse(url);
  if (address === null || !/^postgres(ql)?:$/.test(address.protocol))
    throw new Error('must be like postgres://user@host:5432/fingerpost');
  const mode = address.searchParams.get('sslmode') ?? undefined;
  if (mode !== undefined && !MODES.includes(mode))
    throw new Error(`sslmode must be disable or verify-full, got "${mode}"`);
  const odd = NOT_HERE.find((name) => address.searchParams.has(name));
  if (odd !== undefined) throw new Error(`${odd} is not understood; use sslmode, and DATABASE_CA for authorities`);
  address.searchParams.delete('sslmode');
  const host = address.searchParams.get('host') ?? address.hostname;
  const isEncrypted = mode === undefined ? ca !== undefined || !isHere(host) : mode !== 'disable';
  return {
    connectionString: address.href,
    ssl: isEncrypted && { ...(ca !== undefined && { ca }), rejectUnauthorized: true },
    application_name: 'fingerpost',
    connectionTimeoutMillis: 3_000,
    statement_timeout: 15_000,
    query_timeout: 16_000,
    keepAlive: true,
  };
}

const isHere = (host: string) => /^(localhost|127\.[\d.]+|\[?::1\]?|\/.*|)$/.test(host);
