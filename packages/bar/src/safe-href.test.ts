import { safeHref } from './safe-href.ts';

describe('safeHref', () => {
  it.each(['https://acme.dev/a?b=c#d', 'http://localhost:3000/', 'HTTPS://ACME.dev/'])('lets %s pass', (href) => {
    expect(safeHref(href)).toBe(new URL(href).href);
  });

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'blob:https://acme.dev/1',
    'file:///etc/passwd',
    '/relative',
    '//acme.dev',
    'https://github.com@evil.dev/',
    'https://github.com:x@evil.dev/',
    '',
  ])('refuses %j', (href) => {
    expect(safeHref(href)).toBeUndefined();
  });

  it('refuses what is no text', () => {
    expect(safeHref(undefined)).toBeUndefined();
    expect(safeHref({ toString: () => 'https://acme.dev' } as never)).toBeUndefined();
  });
});
