interface Options {
  signal?: AbortSignal;
}

export const setTimeout = <T>(ms = 1, value?: T, { signal }: Options = {}): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = globalThis.setTimeout(() => resolve(value), ms);
    signal?.addEventListener('abort', () => {
      globalThis.clearTimeout(timer);
      reject(signal.reason);
    });
  });
export const setImmediate = <T>(value?: T, options?: Options) => setTimeout(0, value, options);
export const scheduler = { wait: (ms: number, options?: Options) => setTimeout(ms, undefined, options) };
export default { setTimeout, setImmediate, scheduler };
