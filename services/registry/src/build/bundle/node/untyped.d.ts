// Packages without types of their own, in the shape of the Node modules that they stand for.
declare module 'buffer/' {
  export { Buffer, constants, INSPECT_MAX_BYTES, kMaxLength, SlowBuffer } from 'node:buffer';
}
declare module 'events/' {
  export { EventEmitter as default } from 'node:events';
}
declare module 'readable-stream' {
  export { Readable, Writable } from 'node:stream';
}
declare module 'url/' {
  const url: Record<'parse' | 'format' | 'resolve' | 'resolveObject', (...args: never[]) => unknown>;
  export default url;
}
declare module 'util/' {
  const util: Record<string, (...args: never[]) => unknown>;
  export default util;
}
