/** For tests and for machines of developers: nothing that the product itself uses. */
export { makeCertificate } from './certificate.ts';
export { freePort } from './free-port.ts';
export { findPostgres, type RealPostgres, startPostgres } from './postgres.ts';
export { findServer } from './servers.ts';
