import { attackSuite } from './suite.ts';

// The weakest walls that a machine can have by default: without bubblewrap, Node's permission model stands alone.
attackSuite({ PATH: '/nowhere' });
