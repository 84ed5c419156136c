interface Node<T> {
  next: Map<string, Node<T>>;
  /** where to go on when the next character does not fit: the longest proper suffix that is a beginning too */
  fallback: Node<T> | undefined;
  /** values of the texts that end here, those of all fallbacks included */
  found: T[];
}

/** Finds which of many short texts occur in a longer one, in one pass over it (Aho and Corasick). */
export class LiteralFinder<T> {
  private readonly root: Node<T> = newNode();

  constructor(entries: Iterable<[text: string, values: readonly T[]]>) {
    for (const [text, values] of entries) this.plant(text).found.push(...values);
    this.link();
  }

  find(text: string, into: Set<T>): void {
    let at = this.root;
    for (let index = 0; index < text.length; index++) {
      at = this.step(at, text[index]!);
      for (const value of at.found) into.add(value);
    }
  }

  private plant(text: string): Node<T> {
    let at = this.root;
    for (let index = 0; index < text.length; index++) {
      const character = text[index]!;
      const next = at.next.get(character) ?? newNode();
      at.next.set(character, next);
      at = next;
    }
    return at;
  }

  // Breadth first: a fallback is always nearer to the root, and so finished before.
  private link(): void {
    const queue = [this.root];
    for (const node of queue)
      for (const [character, child] of node.next) {
        child.fallback = node.fallback === undefined ? this.root : this.step(node.fallback, character);
        if (child.fallback.found.length > 0) child.found = [...child.found, ...child.fallback.found];
        queue.push(child);
      }
  }

  private step(from: Node<T>, character: string): Node<T> {
    let at: Node<T> | undefined = from;
    while (at !== undefined) {
      const next = at.next.get(character);
      if (next !== undefined) return next;
      at = at.fallback;
    }
    return this.root;
  }
}

const newNode = <T>(): Node<T> => ({ next: new Map(), fallback: undefined, found: [] });
