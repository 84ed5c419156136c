// Names that Node's code takes for granted: a bundle gets those that it uses.
export { Buffer } from './buffer.ts';
export { process } from './process.ts';
