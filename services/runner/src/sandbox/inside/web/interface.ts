/** What Web IDL makes of an interface, and a class of JavaScript is not. */

/** Names (the bundler keeps none, and packages look at them), tags, and members that are seen when counted. */
export function asInterface(classes: Record<string, { prototype: object }>): void {
  for (const [name, made] of Object.entries(classes)) {
    const { prototype } = made;
    Object.defineProperty(made, 'name', { value: name, configurable: true });
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    show(prototype, ['constructor']);
    show(made, ['prototype', 'length', 'name']);
  }
}

function show(place: object, others: string[]): void {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(place)))
    if (!others.includes(key)) Object.defineProperty(place, key, { ...descriptor, enumerable: true });
}

/** What a class has from another becomes its own: the web shows no class between. */
export function takeOver(from: { prototype: object }, ...classes: { prototype: object }[]): void {
  const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(from.prototype);
  for (const { prototype } of classes) {
    Object.defineProperties(prototype, members);
    Object.setPrototypeOf(prototype, Object.prototype);
  }
}
