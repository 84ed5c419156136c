import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { answer, contents, examples, FOLDER, load, repository } from './testing/stage.ts';

describe('every example', () => {
  it('is one of at least six offline ones and six that call an API', () => {
    const apis = examples.filter((file) => file.startsWith('apis'));
    expect(apis.length).toBeGreaterThanOrEqual(6);
    expect(examples.length - apis.length).toBeGreaterThanOrEqual(6);
  });

  it('has a name of its own', () => {
    const names = examples.map((file) => load(file).metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(examples)('%s', (file) => {
    const source = readFileSync(join(FOLDER, file), 'utf8');
    const opening = source.slice(0, source.search(/^(?!\/\/)/m));

    it('passes the check of the registry and is named after its file', () => {
      const { metadata } = load(file);
      expect(metadata.name).toBe(basename(file, '.integration.js'));
      expect(metadata.description).not.toBe('');
    });

    it('opens with what it shows and what to change', () => {
      expect(opening.length).toBeGreaterThan(100);
      expect(opening).toContain('To change:');
    });

    it('says how to hand over each secret that it needs', () => {
      for (const name of load(file).metadata.requiredSecrets) {
        expect(opening).toContain(`npm run secrets -- set ${name}`);
        expect(opening).toContain(`INTEGRATION_${name}=`);
      }
    });
  });
});

describe('an example for an API', () => {
  it.each(examples.filter((file) => file.startsWith('apis')))('%s stays out of sight until it is changed', (file) => {
    const { metadata } = load(file);
    expect(metadata.match.context).toEqual({ 'page.repository': { startsWith: 'your-org/' } });
    expect(metadata.requiredSecrets.length).toBeGreaterThan(0);
    expect(metadata.cache).toBeGreaterThan(0);
  });
});

describe('an example that needs a service', () => {
  const needy = examples.filter((file) => readFileSync(join(FOLDER, file), 'utf8').includes('serviceOfRepository'));

  it.each(needy)('%s is silent about a repository that nobody knows', async (file) => {
    expect(contents(await answer(file, repository('acme/unheard-of')))).toEqual([]);
  });

  it.each(needy)('%s is silent when the data file is empty or gone', async (file) => {
    expect(contents(await answer(file, repository('acme/webshop'), { data: [] }))).toEqual([]);
    expect(
      contents(await answer(file, repository('acme/webshop'), { data: [{ id: 'services', data: null }] })),
    ).toEqual([]);
  });
});
