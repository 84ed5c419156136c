import { join } from 'node:path';
import { appendPrivately } from '../files/private-file.ts';

/** What happened, one JSON object a line, in `<data>/audit.jsonl`. Only ever grows; whoever keeps it elsewhere too can tell whether it was cut. */
export class AuditFile {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  static in(dataFolder: string): AuditFile {
    return new AuditFile(join(dataFolder, 'audit.jsonl'));
  }

  /** Resolves when the line is on the disk. @throws when it is not: what it was to be written for must not happen then */
  append(what: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
    const line = `${JSON.stringify({ at: new Date().toISOString(), what, ...facts })}\n`;
    const written = this.last.then(() => appendPrivately(this.path, line)); // one after the other: lines never mix
    this.last = written.catch(() => {});
    return written;
  }
}
