import type { ContextRead } from '@fingerpost/contracts';
import { MOST_READS } from '../../protocol.ts';

const { stringify } = JSON;

/** Finds out what a run looks at: only that decides whether its answer may be given again. */
export class Recorder {
  private readonly seen = new Map<string, ContextRead>();
  private readonly watched = new WeakMap<object, object>();

  reads(): ContextRead[] {
    return this.seen.size > MOST_READS ? [{ how: 'value', path: [] }] : [...this.seen.values()];
  }

  watch<T extends object>(target: T, path: string[] = []): T {
    const known = this.watched.get(target);
    if (known !== undefined) return known as T;
    const proxy = new Proxy(target, {
      get: (object, key, receiver) => this.get(object, key, path, () => Reflect.get(object, key, receiver)),
      has: (object, key) => {
        if (typeof key === 'string') this.note('has', [...path, key]);
        return Reflect.has(object, key);
      },
      ownKeys: (object) => {
        this.note('keys', path);
        return Reflect.ownKeys(object);
      },
      getOwnPropertyDescriptor: (object, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
        if (descriptor === undefined) this.note('has', [...path, String(key)]);
        else if ('value' in descriptor)
          (descriptor as PropertyDescriptor).value = this.get(object, key, path, () => descriptor.value);
        return descriptor;
      },
      // From being frozen on, a field must be handed out exactly as the target holds it: so the watched one has to be in there.
      defineProperty: (object, key, descriptor) => {
        const held = Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
        if (typeof key === 'string' && typeof held === 'object' && held !== null)
          Reflect.set(object, key, this.watch(held, [...path, key]));
        return Reflect.defineProperty(object, key, descriptor);
      },
    });
    this.watched.set(target, proxy);
    this.watched.set(proxy, proxy);
    return proxy;
  }

  note(how: ContextRead['how'], path: string[]): void {
    if (this.seen.size > MOST_READS) return;
    const key = stringify([how, path]);
    if (!this.seen.has(key)) this.seen.set(key, { how, path });
  }

  private get(object: object, key: string | symbol, path: string[], read: () => unknown): unknown {
    const value = read();
    if (typeof key === 'symbol') return value;
    const isOwn = Object.hasOwn(object, key);
    if (isOwn && typeof value === 'object' && value !== null) {
      this.note('shape', [...path, key]);
      return this.watch(value, [...path, key]);
    }
    this.note('value', [...path, key]);
    return value;
  }
}
