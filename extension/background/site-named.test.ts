import { siteNamed } from './site-named.ts';

const settings = {
  adapters: [
    { name: 'github', enabled: true, urls: [], description: '', partsOff: ['github.actions'] },
    { name: 'aws', enabled: false, urls: [], description: '' },
    { name: 'generic', enabled: true, urls: [], description: '' },
  ],
  customDomains: ['https://wiki.acme.dev'],
};

describe('what a gateway says about a page’s site', () => {
  it.each([
    ['https://github.com', { enabled: true, partsOff: ['github.actions'] }],
    ['https://eu-west-1.console.aws.amazon.com', { enabled: false, partsOff: [] }],
    ['https://gitlab.com', { enabled: false, partsOff: [] }],
    ['https://wiki.acme.dev', { enabled: true, partsOff: [] }],
    ['https://mail.acme.dev', { enabled: false, partsOff: [] }],
  ])('%s', (origin, expected) => expect(siteNamed(settings, origin)).toEqual(expected));
});
