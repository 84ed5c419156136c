/** For tests and for machines of developers: nothing that the product itself uses. */
export { makeCertificate } from './certificate.ts';
export { descendantsOf } from './descendants-of.ts';
export { freePort } from './free-port.ts';
export { findPostgres, type RealPostgres, startPostgres } from './postgres.ts';
export { findServer, isListening, type RealServer, startServer } from './servers.ts';
