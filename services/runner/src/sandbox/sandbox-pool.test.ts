import { sandboxContract } from './sandbox-pool.contract.ts';

sandboxContract('process');
