import { writeFile } from 'node:fs/promises';
import type { Seen } from './faults/ground.ts';
import type { Asked } from './faults/load.ts';

/** What was seen of each thing that was done while people asked, for the docs: on standard output, and in the file that FINGERPOST_TABLE names. */
export class Rows {
  private readonly rows: string[] = [];

  /** @param mayFail who fails by design */
  add(what: string, seen: Seen, mayFail: (asked: Asked) => boolean = () => false): void {
    const { asked, failed, late, repeated, quietP99Ms, p99Ms } = seen;
    const allowed = failed.filter(mayFail).length;
    const failures = allowed === 0 ? `${failed.length}` : `${failed.length - allowed} (and ${allowed} as they must)`;
    const p99 = `${Math.round(quietP99Ms)}, ${Math.round(p99Ms)}`;
    this.rows.push(`| ${what} | ${asked} | ${failures} | ${late} | ${repeated.length} | ${p99} |`);
  }

  async tell(): Promise<void> {
    const head =
      '| what | asked | failed | late | repeated | p99 ms: quiet, then |\n| --- | --- | --- | --- | --- | --- |';
    const table = `${head}\n${this.rows.join('\n')}\n`;
    console.log(table);
    if (process.env.FINGERPOST_TABLE !== undefined) await writeFile(process.env.FINGERPOST_TABLE, table);
  }
}
