import { sep } from 'node:path';

/** Both real paths: a link or `..` has been resolved before. */
export const isInside = (root: string, path: string) => path.startsWith(root.endsWith(sep) ? root : root + sep);
