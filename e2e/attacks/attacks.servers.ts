import { describeBehindNamespaces } from '../../services/runner/src/testing/behind-namespaces.ts';
import { attackSuite } from './suite.ts';

await describeBehindNamespaces('attacks met the weaker walls only', () =>
  attackSuite({ FINGERPOST_WALLS: 'namespaces' }),
);
