import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What a program prints that logs this, in a process of its own: the stream writes past whoever listens in this one. */
function printed(format: 'json' | 'pretty', statement: string): string[] {
  const program = `import { createLog } from ${JSON.stringify(join(import.meta.dirname, '../../dist/log/log.js'))};
    const log = createLog('runner', { level: 'info', format: '${format}' }); ${statement}`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return stdout.trimEnd().split('\n');
}

const FORGED = `all is well\\n[12:00:00] ERROR (gateway): everything is lost\\r\\u001b[2J\\u009b2J\\u202e`;

describe('lines for people', () => {
  it('cannot be forged by what code logs, nor bend the terminal', () => {
    const lines = printed('pretty', `log.info({ from: 'integration' }, "${FORGED}");`);
    expect(lines.filter((line) => /^\S/.test(line))).toHaveLength(1);
    expect(lines[0]).toContain(
      'all is well\\n[12:00:00] ERROR (gateway): everything is lost\\r\\u001b[2J\\u009b2J\\u202e',
    );
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('cannot be forged by an error, whose stack is indented', () => {
    const lines = printed(
      'pretty',
      `log.error({ err: new Error("${FORGED}"), detail: { stack: "${FORGED}" } }, 'failed');`,
    );
    expect(lines.filter((line) => /^\S/.test(line))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/\n +at /);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('are JSON for machines, one a line', () => {
    const [line, ...more] = printed('json', `log.info("${FORGED}");`);
    expect(more).toEqual([]);
    expect(JSON.parse(line!)).toMatchObject({ service: 'runner', msg: JSON.parse(`"${FORGED}"`) });
  });
});
