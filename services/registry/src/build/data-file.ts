import { digestOf } from '../catalogue/digest.ts';
import type { Builder } from './builder.ts';
import type { DataText } from './data-text.ts';

export interface DataFile extends DataText {
  file: string;
  /** the file's base name without `.data.yml`: how integrations ask for it. Named `name` because files claim it as integrations do theirs */
  name: string;
  digest: string;
}

/** Parsed behind the walls: there are texts over which a parser sits for minutes. @throws Fault of the author's */
export async function readDataFile(
  { root, file, path }: { root: string; file: string; path: string },
  builder: Builder,
): Promise<DataFile> {
  const made = await builder.data(root, path);
  return {
    file,
    name: file.replace(/^.*\//, '').replace(/\.data\.(json|yml|yaml)$/, ''),
    digest: digestOf(Buffer.from(made.text)),
    ...made,
  };
}
