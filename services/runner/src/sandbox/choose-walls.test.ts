import { createLog } from '@fingerpost/platform';
import { asOneUser, chooseWalls } from './choose-walls.ts';
import { INSIDE } from './inside.ts';

const log = createLog('test', { level: 'silent', format: 'json' });

describe('without bubblewrap', () => {
  const path = process.env.PATH;
  beforeEach(() => {
    process.env.PATH = '/nowhere';
  });
  afterEach(() => {
    process.env.PATH = path;
  });

  it('is content with Node’s permission model where no more is required', async () => {
    expect(await chooseWalls('process', INSIDE, log)).toBe('process');
  });

  it('refuses to start where more is required, and says what to do', async () => {
    await expect(chooseWalls('namespaces', INSIDE, log)).rejects.toThrow(
      /bubblewrap is not installed.*Install bubblewrap/,
    );
  });
});

describe('one user for all processes', () => {
  it('means that whoever breaks out reads the environment, and the memory where the kernel lets them', () => {
    expect(asOneUser('1')).toMatch(/end it and read its environment\. Have namespaces/);
    for (const scope of ['0', undefined]) expect(asOneUser(scope)).toContain('and its memory');
  });
});
