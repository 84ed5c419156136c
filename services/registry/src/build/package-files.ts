import { INSTALLED_PACKAGES } from '../source/folder-source.ts';

/** Which packages there are, and which may be imported. */
export const PACKAGE_FILES = [INSTALLED_PACKAGES, 'package.json'];
