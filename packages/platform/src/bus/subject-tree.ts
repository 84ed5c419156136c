interface Node<T> {
  children: Map<string, Node<T>>;
  /** subscribers whose pattern ends here */
  here: Set<T>;
}

/**
 * Who listens to what, with NATS wildcards: `*` stands for one word, a closing `>` for one or more.
 * A tree of words, since a subject costs as many steps as it has words, however many subscribers there are.
 */
export class SubjectTree<T> {
  private readonly root: Node<T> = newNode();

  /** @returns what removes it again */
  add(pattern: string, subscriber: T): () => void {
    const path = [this.root];
    const words = pattern.split('.');
    for (const word of words) path.push(childOf(path.at(-1)!, word));
    path.at(-1)!.here.add(subscriber);
    return () => {
      if (!path.at(-1)!.here.delete(subscriber)) return;
      for (let depth = words.length; depth > 0 && isEmpty(path[depth]!); depth--)
        path[depth - 1]!.children.delete(words[depth - 1]!);
    };
  }

  match(subject: string): T[] {
    const found: T[] = [];
    collect(this.root, subject.split('.'), 0, found);
    return found;
  }
}

function collect<T>(node: Node<T>, words: string[], depth: number, found: T[]): void {
  if (depth === words.length) {
    for (const subscriber of node.here) found.push(subscriber);
    return;
  }
  const exact = node.children.get(words[depth]!);
  if (exact !== undefined) collect(exact, words, depth + 1, found);
  const anyWord = node.children.get('*');
  if (anyWord !== undefined) collect(anyWord, words, depth + 1, found);
  const anyRest = node.children.get('>');
  if (anyRest !== undefined) for (const subscriber of anyRest.here) found.push(subscriber);
}

const newNode = <T>(): Node<T> => ({ children: new Map(), here: new Set() });

const isEmpty = (node: Node<unknown>): boolean => node.here.size === 0 && node.children.size === 0;

function childOf<T>(node: Node<T>, word: string): Node<T> {
  const child = node.children.get(word) ?? newNode<T>();
  node.children.set(word, child);
  return child;
}
