import { openEmbedded } from '@fingerpost/platform/database';
import { trailContract } from './trail.contract.ts';

describe('the audit trail in the embedded database', () => {
  trailContract(() => openEmbedded());
});
