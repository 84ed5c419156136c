import { writeFile } from 'node:fs/promises';
import type { Seen } from './ground.ts';
import type { Asked } from './load.ts';

/**
 * What nothing can spare people: a run that had POSTed and was lost with a connection, for it is never done twice; and an answer that was
 * on its way on a connection that ended.
 */
const asItMust = ({ wrong = '' }: Asked) => /^failed: posts /.test(wrong) || isCutOff(wrong);

export const isCutOff = (wrong: string): boolean => /other side closed|ECONNRESET|terminated/.test(wrong);

/** Who failed, and should not have. */
export const unexpected = ({ failed }: Seen, mayFail = asItMust): Asked[] => failed.filter((asked) => !mayFail(asked));

/** What was seen of each thing that was done while people asked, for the docs: on standard output, and in the file that FINGERPOST_TABLE names. */
export class Rows {
  private readonly rows: string[] = [];

  add(what: string, seen: Seen, mayFail = asItMust): void {
    const { asked, failed, late, repeated, quietP99Ms, p99Ms } = seen;
    const wrong = unexpected(seen, mayFail).length;
    const failures = failed.length === wrong ? `${wrong}` : `${wrong} (and ${failed.length - wrong} as they must)`;
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
