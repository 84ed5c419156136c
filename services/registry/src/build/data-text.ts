import { readFile, stat } from 'node:fs/promises';
import { Fault, type Json } from '@fingerpost/contracts';
import { type Document, isScalar, parseDocument, visit } from 'yaml';

const MOST_DATA_BYTES = 2_000_000;

export interface DataText {
  /** JSON */
  text: string;
  /** how many there are in it: one of two characters takes sixty bytes of every isolate that reads it */
  values: number;
}

/** @throws Fault `source.unreadable` or `build.failed`, with the place in its detail */
export async function parseDataFile(path: string): Promise<DataText> {
  const { size } = await stat(path);
  if (size > MOST_DATA_BYTES) throw new Fault('source.unreadable', `has ${size} bytes, ${MOST_DATA_BYTES} at most`);
  const source = await readFile(path, 'utf8');
  return toText(path.endsWith('.json') ? parseJson(source) : parseYaml(source));
}

function toText(data: Json): DataText {
  let values = 0;
  const count = (_key: string, value: unknown) => {
    values++;
    return value;
  };
  try {
    return { text: JSON.stringify(data ?? null, count), values };
  } catch (cause) {
    throw new Fault('build.failed', 'is nested too deep', { cause });
  }
}

function parseJson(source: string): Json {
  try {
    return JSON.parse(source.replace(/^\ufeff/, ''));
  } catch (cause) {
    const { message } = cause as Error;
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? source.length);
    const lines = source.slice(0, at).split('\n');
    throw new Fault('build.failed', message, {
      cause,
      detail: { line: lines.length, column: lines.at(-1)!.length + 1 },
    });
  }
}

function parseYaml(source: string): Json {
  // ToolJump's parser knows merge keys (`<<`), so files may use them.
  const document = parseDocument(source, { merge: true, uniqueKeys: false });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? {};
    throw new Fault('build.failed', withoutPlace(error.message), { cause: error, detail: { line, column: col } });
  }
  refuseTwins(document, source);
  try {
    return document.toJS();
  } catch (cause) {
    throw new Fault('build.failed', (cause as Error).message, { cause });
  }
}

// The place is said beside it.
const withoutPlace = (message: string): string => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');

/** Two fields of one name. The parser itself would compare each with each: minutes, for a large file. */
function refuseTwins(document: Document, source: string): void {
  visit(document, {
    Map(_key, { items }) {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value)) {
          const lines = source.slice(0, key.range?.[0]).split('\n');
          const detail = { line: lines.length, column: lines.at(-1)!.length + 1 };
          throw new Fault('build.failed', 'Map keys must be unique', { detail });
        }
        names.add(key.value);
      }
    },
  });
}
