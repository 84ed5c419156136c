import { otherHost } from './other-host.ts';

describe('otherHost', () => {
  it.each([
    ['github.com', 'https://evil.dev/', 'evil.dev'],
    ['https://github.com/acme', 'https://github.com.evil.dev/acme', 'github.com.evil.dev'],
    ['Open github.com/acme', 'https://evil.dev/github.com', 'evil.dev'],
    ['www.acme.dev', 'https://acme.dev.evil.dev/', 'acme.dev.evil.dev'],
    ['gіthub.com', 'https://github.com/', 'github.com'],
    ['GitHub', 'https://gіthub.com/', 'xn--gthub-n2e.com'],
    ['https://user@github.com', 'https://github.com/', 'github.com'],
  ])('says where "%s" leads: %s', (content, href, host) => expect(otherHost(content, href)).toBe(host));

  it.each([
    ['github.com', 'https://github.com/acme'],
    ['GitHub.com/acme', 'https://github.com/acme'],
    ['www.acme.dev', 'https://acme.dev/'],
    ['acme.dev', 'https://wiki.acme.dev/'],
    ['Logs', 'https://logs.acme.dev/'],
    ['package.json', 'https://github.com/acme/webshop/blob/main/package.json'],
    ['Node.js 24.x', 'https://acme.dev/'],
    ['Production EU: v4.18.2', 'https://acme.dev/'],
    ['ana@acme.dev', 'https://people.example/ana'],
  ])('has nothing to add to "%s" at %s', (content, href) => expect(otherHost(content, href)).toBeUndefined());
});
