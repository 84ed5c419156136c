import { describe, expect, it } from '@jest/globals';
import { refuseOthers, refuseRevealing, type StoredBinding } from './stored-binding.ts';

const kept = (bounds: Partial<StoredBinding>): StoredBinding => ({
  ...bounds,
  howToChange: (field, value) => `set ${field}=${value}`,
});
const codeOf = (work: () => void) => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message.replace(/.*: /, '')}`;
  }
};

describe('whoever keeps a secret', () => {
  it('says which integrations may use it, and else leaves that to the grant', () => {
    expect(codeOf(() => refuseOthers('KEY', undefined, 'deploys'))).toBe('ok');
    expect(codeOf(() => refuseOthers('KEY', kept({}), 'deploys'))).toBe('ok');
    expect(codeOf(() => refuseOthers('KEY', kept({ integrations: ['deploys'] }), 'deploys'))).toBe('ok');
    expect(codeOf(() => refuseOthers('KEY', kept({ integrations: ['pager'] }), 'deploys'))).toBe(
      'secret.misplaced: set integrations=pager,deploys',
    );
  });

  it.each<[string, Partial<StoredBinding> | undefined, string]>([
    ['who says nothing', undefined, 'ok'],
    ['who names integrations alone', { integrations: ['deploys'] }, 'ok'],
    ['who lets it be revealed', { mode: 'reveal', hosts: ['api.acme.dev'] }, 'ok'],
    ['who wants it sealed', { mode: 'sealed' }, 'secret.misplaced: set mode=reveal'],
    ['who bounds its hosts', { hosts: ['api.acme.dev'] }, 'secret.misplaced: set mode=reveal'],
    ['who bounds its methods', { methods: ['GET'] }, 'secret.misplaced: set mode=reveal'],
    ['who bounds its paths', { pathPrefixes: ['/v1'] }, 'secret.misplaced: set mode=reveal'],
    ['who bounds its slots', { slots: ['header'] }, 'secret.misplaced: set mode=reveal'],
  ])('%s: %j', (_who, bounds, outcome) => {
    expect(codeOf(() => refuseRevealing('KEY', bounds && kept(bounds)))).toBe(outcome);
  });
});
