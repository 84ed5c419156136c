import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readSecretsSettings } from './config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

const problemsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    readSecretsSettings(env);
    return [];
  } catch (error) {
    return (error as { problems: string[] }).problems;
  }
};

describe('settings', () => {
  it('have defaults', () => {
    expect(readSecretsSettings({})).toEqual({
      dataFolder: './data',
      outboundAllow: [],
      traceHosts: [],
      secretsKeys: [],
      integrationSecrets: {},
    });
  });

  it('take secrets from INTEGRATION_ variables and hide them at once', () => {
    const settings = readSecretsSettings({
      INTEGRATION_GH_TOKEN: 'ghp_hidden',
      INTEGRATION_EMPTY: '',
      INTEGRATION_: 'x',
      OTHER: 'y',
    });
    expect(Object.keys(settings.integrationSecrets)).toEqual(['GH_TOKEN']);
    expect(settings.integrationSecrets.GH_TOKEN!.reveal()).toBe('ghp_hidden');
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('hidden');
  });

  it('take secrets from the files that _FILE variables name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-config-'));
    await writeFile(join(folder, 'token'), 'from-a-file\n');
    const env = { INTEGRATION_GH_TOKEN_FILE: join(folder, 'token') };
    expect(readSecretsSettings(env).integrationSecrets.GH_TOKEN!.reveal()).toBe('from-a-file');
    expect(problemsOf({ ...env, INTEGRATION_GH_TOKEN: 'x' })).toEqual([expect.stringContaining('keep one')]);
    expect(problemsOf({ INTEGRATION_X_FILE: join(folder, 'nothing') })).toEqual([expect.stringContaining('ENOENT')]);
    await rm(folder, { recursive: true });
  });

  it('spell the allowed hosts as the guard compares them', () => {
    const { outboundAllow } = readSecretsSettings({
      FINGERPOST_OUTBOUND_ALLOW: 'Jenkins.Internal:8080, 127.1:80 ,[::1]:443,wiki:443,',
    });
    expect(outboundAllow).toEqual(['jenkins.internal:8080', '127.0.0.1:80', '[::1]:443', 'wiki:443']);
  });

  it.each([
    'jenkins',
    '*:80',
    '*.acme.dev:443',
    'http://x:80',
    'x:80/path',
    'user@x:80',
    'x:99999',
    'x:0',
    ':80',
    'x:',
    '10.0.0.0/8:80',
  ])('refuse %s in the allowed hosts', (entry) =>
    expect(problemsOf({ FINGERPOST_OUTBOUND_ALLOW: entry })).toEqual([expect.stringContaining('host:port')]),
  );

  it('name a proxy by its address, and certificates by a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-config-'));
    const [empty, none] = [join(folder, 'empty.pem'), join(folder, 'none.pem')];
    await writeFile(empty, 'no certificate at all');
    expect(readSecretsSettings({ FINGERPOST_OUTBOUND_PROXY: 'http://bar:pass@proxy:3128' }).outboundProxy?.host).toBe(
      'proxy:3128',
    );
    for (const proxy of ['proxy:3128', 'socks5://proxy:1', 'http://proxy/path-hidden', 'http://x:hidden@'])
      expect(problemsOf({ FINGERPOST_OUTBOUND_PROXY: proxy })).toEqual([
        'FINGERPOST_OUTBOUND_PROXY: must be like http://proxy.acme.internal:3128',
      ]);
    expect(problemsOf({ FINGERPOST_OUTBOUND_CA: empty })).toEqual([expect.stringContaining('holds no certificate')]);
    expect(problemsOf({ FINGERPOST_OUTBOUND_CA: none })).toEqual([expect.stringContaining('ENOENT')]);
    await rm(folder, { recursive: true });
  });

  it('name every problem at once, and no value', () => {
    const problems = problemsOf({ FINGERPOST_OUTBOUND_ALLOW: 'bad,worse', FINGERPOST_SECRETS_KEY: 'too-short-hidden' });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hidden');
    const keys = (text: string) => readSecretsSettings({ FINGERPOST_SECRETS_KEY: text }).secretsKeys;
    expect(keys(`${KEY}, ${KEY}`).map(({ length }) => length)).toEqual([32, 32]);
    expect(problemsOf({ FINGERPOST_SECRETS_KEY: `${KEY},` })).toHaveLength(1);
  });
});
