import { openEmbedded } from '@fingerpost/platform/database';
import { registryContract } from './registry.contract.ts';

describe('the registry on the embedded database', () => {
  registryContract(() => openEmbedded());
});
