import { attackSuite } from './suite.ts';

// Processes of their own, real servers, and the strongest walls that the machine has.
attackSuite({});
