/** Follows one thread of work at a time, over its promise's end: nobody inside an isolate hears where promises go on. */
export class AsyncLocalStorage<T> {
  private store: T | undefined;

  getStore(): T | undefined {
    return this.store;
  }

  run<R>(store: T, work: (...args: unknown[]) => R, ...args: unknown[]): R {
    const before = this.store;
    const restore = () => this.enterWith(before as T);
    this.store = store;
    try {
      const result = work(...args);
      if (!(result instanceof Promise)) restore();
      else result.then(restore, restore);
      return result;
    } catch (error) {
      restore();
      throw error;
    }
  }

  enterWith(store: T): void {
    this.store = store;
  }

  exit<R>(work: (...args: unknown[]) => R, ...args: unknown[]): R {
    return this.run(undefined as T, work, ...args);
  }

  disable(): void {
    this.store = undefined;
  }
}

export class AsyncResource {
  runInAsyncScope<R>(work: (...args: unknown[]) => R, self?: unknown, ...args: unknown[]): R {
    return work.apply(self, args);
  }

  static bind<F>(work: F): F {
    return work;
  }
}

export default { AsyncLocalStorage, AsyncResource };
