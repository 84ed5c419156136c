import { createHash } from 'node:crypto';

/** sha256, hex: the name of bytes that never change. */
export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
