/** Stands for what the sandbox does not have: it may be imported, kept and extended; whoever uses it reads its name and what to do instead. */
export function missing(name: string, instead: string): never {
  const refuse = () => {
    throw new Error(`${name} is not available in the sandbox: ${instead}`);
  };
  return new Proxy(class {}, {
    apply: refuse,
    construct: refuse,
    get: (target, key, receiver) =>
      typeof key === 'symbol' || key === 'then' || key in target
        ? Reflect.get(target, key, receiver)
        : missing(`${name}.${key}`, instead),
  }) as never;
}
