import { describeBehindNamespaces } from '../testing/behind-namespaces.ts';
import { sandboxContract } from './sandbox-pool.contract.ts';

await describeBehindNamespaces('the strongest walls were not tried', () => sandboxContract('namespaces'));
