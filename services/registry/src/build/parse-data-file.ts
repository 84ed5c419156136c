import { readFile, stat } from 'node:fs/promises';
import { Fault, type Json } from '@fingerpost/contracts';
import { parseDocument } from 'yaml';
import { digestOf } from '../catalogue/digest.ts';

export const MOST_DATA_BYTES = 2_000_000;

export interface DataFile {
  file: string;
  /** the file's base name without `.data.yml`: how integrations ask for it. Named `name` because files claim it as integrations do theirs */
  name: string;
  digest: string;
  /** JSON */
  text: string;
}

/** @throws Fault `source.unreadable` or `build.failed`, with the place in its detail */
export async function readDataFile(file: string, path: string): Promise<DataFile> {
  const { size } = await stat(path);
  if (size > MOST_DATA_BYTES) throw new Fault('source.unreadable', `has ${size} bytes, ${MOST_DATA_BYTES} at most`);
  const source = await readFile(path, 'utf8');
  const data = file.endsWith('.json') ? parseJson(source) : parseYaml(source);
  const text = JSON.stringify(data ?? null);
  return {
    file,
    name: file.replace(/^.*\//, '').replace(/\.data\.(json|yml|yaml)$/, ''),
    digest: digestOf(Buffer.from(text)),
    text,
  };
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
  const document = parseDocument(source, { merge: true });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? {};
    throw new Fault('build.failed', error.message.split('\n')[0]!, { cause: error, detail: { line, column: col } });
  }
  try {
    return document.toJS();
  } catch (cause) {
    throw new Fault('build.failed', (cause as Error).message, { cause });
  }
}
