/** Apart from the rest of the platform: a service that has no database loads no driver. */
export { connectionOf, type ServerSettings } from './connection.ts';
export { type Database, type HeldLock, reasonOf, type Sql } from './database.ts';
export { openEmbedded } from './embedded-database.ts';
export { openServer } from './server-database.ts';
