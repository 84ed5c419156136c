import { isUnder } from './is-under.ts';

const isUnderApi = (address: string) => isUnder('/api', new URL(address, 'https://x.example').pathname);

describe('a path under /api', () => {
  it.each(['/api', '/api/', '/api/users', '/api/a%2Fb', '/api/..hidden', '/api/a..b', '/api/%25'])('is %s', (path) => {
    expect(isUnderApi(path)).toBe(true);
  });

  it.each([
    ...[
      '/',
      '/apikeys',
      '/API/users',
      '/other/api',
      '//api/users',
      '/api/../admin',
      '/api/%2e%2e/admin',
      '/api/.%2E/admin',
    ],
    ...[
      '/api/..%2fadmin',
      '/api/..%5cadmin',
      '/api/..\\admin',
      '/api/%252e%252e%252fadmin',
      '/api/..;/admin',
      '/api/..%3b/admin',
    ],
    ...['/api/%2525252e%2525252e/admin', '/api/x/..%2F..%2Fadmin'],
  ])('is not %s', (path) => {
    expect(isUnderApi(path)).toBe(false);
  });

  it('is any path where the prefix is the root, and none where the prefix is no path', () => {
    expect(isUnder('/', '/anything/..%2f')).toBe(true);
    for (const prefix of ['', 'api', '*']) expect(isUnder(prefix, '/api')).toBe(false);
  });

  it('heeds a slash at the prefix’s end', () => {
    expect(isUnder('/api/', '/api/users')).toBe(true);
    expect(isUnder('/api/', '/apikeys')).toBe(false);
  });
});
