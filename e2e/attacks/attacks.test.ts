import { isCluster } from '../product.ts';
import { attackSuite } from './suite.ts';

// The weakest walls that a machine can have by default: without bubblewrap, Node's permission model stands alone. A cluster needs its engines.
attackSuite(isCluster ? {} : { PATH: '/nowhere' });
