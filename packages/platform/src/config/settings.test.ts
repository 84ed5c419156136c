import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bool,
  count,
  fileOf,
  host,
  list,
  listenPort,
  num,
  readSettings,
  readTogether,
  SettingsError,
  type SettingsSpec,
  str,
  url,
} from './settings.ts';

const spec = {
  host: ['HOST', str({ default: '127.0.0.1' })],
  port: ['PORT', listenPort({ default: 3000 })],
  token: ['TOKEN', str()],
  sites: ['SITES', list({ default: ['github'] })],
} satisfies SettingsSpec;

const problemsOf = (env: NodeJS.ProcessEnv, of: SettingsSpec = spec): readonly string[] => {
  try {
    readSettings(env, of);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ name: 'SettingsError' });
    return (error as SettingsError).problems;
  }
};

describe('settings', () => {
  let folder: string;
  const file = (text: string) => {
    const path = join(folder, `secret-${Math.random()}`);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fingerpost-settings-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('are the defaults where nothing is said', () => {
    expect(readSettings({ TOKEN: 't' }, spec)).toEqual({
      host: '127.0.0.1',
      port: 3000,
      token: 't',
      sites: ['github'],
    });
  });

  it('are what the environment says, typed', () => {
    const settings = readSettings({ HOST: '::', PORT: '0', TOKEN: 't', SITES: ' aws, ,generic ' }, spec);
    expect(settings).toEqual({ host: '::', port: 0, token: 't', sites: ['aws', 'generic'] });
    const port: number = settings.port;
    expect(port).toBe(0);
  });

  it('cannot be changed, nor be asked for what is not there without notice', () => {
    const settings = readSettings({ TOKEN: 't' }, spec);
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.keys(settings)).toEqual(['host', 'port', 'token', 'sites']);
  });

  it('take an empty variable for an unset one', () => {
    expect(readSettings({ HOST: '', PORT: '', TOKEN: 't', SITES: '', TOKEN_FILE: '' }, spec).port).toBe(3000);
    expect(problemsOf({ TOKEN: '' })).toEqual([expect.stringContaining('TOKEN')]);
  });

  it('report every problem at once, each by its variable', () => {
    const problems = problemsOf({ PORT: '99999', SITES_FILE: '/not/there' });
    expect(problems).toHaveLength(3);
    expect(problems.join('\n')).toMatch(/SITES_FILE: cannot read \/not\/there \(ENOENT\)/);
    expect(problems.join('\n')).toMatch(/PORT: must be a port/);
    expect(problems.join('\n')).toMatch(/TOKEN: /);
    expect(new SettingsError(problems).message.split('\n')).toHaveLength(4);
  });

  it('are read from a file where NAME_FILE names one, without its closing line break', () => {
    expect(readSettings({ TOKEN_FILE: file(' s3cret \n') }, spec).token).toBe(' s3cret');
    expect(readSettings({ TOKEN: 't', PORT_FILE: file('8080\n') }, spec).port).toBe(8080);
  });

  it('do not let a value and its file contradict each other', () => {
    expect(problemsOf({ TOKEN: 'a', TOKEN_FILE: file('b') })).toEqual([
      expect.stringContaining('TOKEN_FILE are both set'),
    ]);
  });

  it('miss a value whose file is empty', () => {
    expect(problemsOf({ TOKEN_FILE: file('\n') })).toEqual([expect.stringContaining('TOKEN')]);
  });

  it('never repeat the content of a secret file in a problem about another', () => {
    expect(problemsOf({ TOKEN_FILE: file('s3cret'), PORT: 'x' }).join()).not.toContain('s3cret');
  });

  it.each<[string, SettingsSpec[string][1], string[]]>([
    ['a port', listenPort(), ['-1', '65536', '1.5', 'http', '0x']],
    ['a count', count(), ['-1', '1.5', '1e20', 'many', 'NaN']],
    ['a number', num(), ['many']],
    ['a switch', bool(), ['perhaps']],
    ['an address', url(), ['nowhere']],
  ])('refuse what is not %s', (_, validator, values) => {
    for (const value of values) expect(problemsOf({ VALUE: value }, { value: ['VALUE', validator] })).toHaveLength(1);
  });

  describe('of several parts', () => {
    const port = (env: NodeJS.ProcessEnv) => readSettings(env, { port: ['PORT', listenPort()] });
    const sites = (env: NodeJS.ProcessEnv) =>
      readSettings(env, { sites: ['SITES', list()], port: ['PORT', listenPort()] });

    it('are read by each part for itself', () => {
      expect(readTogether({ PORT: '1', SITES: 'a,b' }, { port, sites })).toEqual({
        port: { port: 1 },
        sites: { port: 1, sites: ['a', 'b'] },
      });
    });

    it('tell what is wrong with any of them in one go, and once', () => {
      expect(() => readTogether({ PORT: 'x' }, { port, sites })).toThrow(
        expect.objectContaining({ problems: [expect.stringContaining('PORT: '), 'SITES: is missing'] }),
      );
    });

    it('let pass what is no matter of settings', () => {
      const broken = () => {
        throw new Error('out of memory');
      };
      expect(() => readTogether({}, { broken })).toThrow('out of memory');
    });
  });

  it('take from a file what is wanted of it, and name the file that does not hold it', () => {
    const number = fileOf('a number', (text) => {
      if (Number.isNaN(Number(text))) throw new Error('it is none');
      return Number(text);
    });
    const of = { value: ['VALUE', number()] } as const satisfies SettingsSpec;
    expect(readSettings({ VALUE: file('7') }, of)).toEqual({ value: 7 });
    const wrong = file('hunter2');
    expect(problemsOf({ VALUE: wrong }, of)).toEqual([
      `VALUE: must name a file that holds a number; ${wrong}: it is none`,
    ]);
    expect(problemsOf({ VALUE: '/nowhere' }, of)).toEqual([expect.stringContaining('/nowhere: ENOENT')]);
  });

  it.each<[string, SettingsSpec[string][1], string, string]>([
    ['a switch', bool(), 'perhaps', 'must be true or false, got "perhaps"'],
    ['an address', host(), 'no_host!', 'must be an address or a name, got "no_host!"'],
    ['a choice', str({ choices: ['a', 'b'] }), 'a,b', 'must be one of a, b, got "a,b"'],
  ])('say of %s what it must be', (_, validator, value, said) => {
    expect(problemsOf({ VALUE: value }, { value: ['VALUE', validator] })).toEqual([`VALUE: ${said}`]);
  });

  it('say how to come by what is missing', () => {
    const of = { value: ['VALUE', str({ desc: 'make one with: openssl rand' })] } as const satisfies SettingsSpec;
    expect(problemsOf({}, of)).toEqual(['VALUE: is missing; make one with: openssl rand']);
  });

  it('do not look at the process’s own environment', () => {
    process.env.FINGERPOST_SETTINGS_TEST = 'from outside';
    const outside = readSettings({}, { value: ['FINGERPOST_SETTINGS_TEST', str({ default: 'default' })] });
    delete process.env.FINGERPOST_SETTINGS_TEST;
    expect(outside).toEqual({ value: 'default' });
  });
});
