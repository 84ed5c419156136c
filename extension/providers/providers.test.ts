import { patternOf, providersFrom } from './providers.ts';

describe('what the browser is asked to grant', () => {
  it.each([
    ['https://github.com', ['https://github.com/*']],
    ['https://*.console.aws.amazon.com', ['https://*.console.aws.amazon.com/*']],
    ['https://WIKI.acme.dev', ['https://wiki.acme.dev/*']],
  ])('is a site: %s', (origin, expected) => expect(patternOf(origin)).toEqual(expected));

  it.each([
    'https://*.com',
    'https://*',
    'https://*/*',
    '*://*/*',
    '<all_urls>',
    'http://wiki.acme.dev',
    'https://localhost',
    'https://a.dev/path',
    'https://*.*.dev',
    'file:///',
    'https://a.dev, https://b.dev',
    'https://user@a.dev',
    '',
  ])('is never %j', (origin) => expect(patternOf(origin)).toEqual([]));
});

describe('providersFrom', () => {
  it('lists the sites in service, and each page that an integration names by itself', () => {
    const sites = [
      { name: 'github', enabled: true, urls: ['https://github.com'], description: 'GitHub' },
      { name: 'aws', enabled: false, urls: ['https://console.aws.amazon.com'], description: 'AWS' },
      { name: 'generic', enabled: true, urls: [], description: 'Any' },
    ];
    const names = providersFrom({ adapters: sites, customDomains: ['https://wiki.acme.dev', 'https://*.dev'] });
    expect(names.map(({ name, origins }) => [name, ...origins])).toEqual([
      ['github', 'https://github.com/*'],
      ['wiki.acme.dev', 'https://wiki.acme.dev/*'],
    ]);
  });
});
