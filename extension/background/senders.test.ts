import { mayAsk, originOfPage, type Sender } from './senders.ts';

const us = { id: 'ours', root: 'chrome-extension://ours/' };
const page = (more: object = {}): Sender =>
  ({ id: 'ours', tab: { id: 7 }, frameId: 0, url: 'https://github.com/acme', ...more }) as Sender;
const settings = { id: 'ours', url: 'chrome-extension://ours/options.html', tab: { id: 8 }, frameId: 0 } as Sender;

describe('who may ask for what', () => {
  it('lets a page begin, and the settings sign in', () => {
    expect(mayAsk('page.begin', page(), us)).toBe(true);
    expect(mayAsk('sign-in.paste', settings, us)).toBe(true);
  });

  it('lets no page ask what is for the settings, nor the settings what is for pages', () => {
    for (const name of [
      'sign-in.read',
      'sign-in.begin',
      'sign-in.finish',
      'sign-in.paste',
      'sign-in.out',
      'profiles.remove',
      'gateway.check',
      'providers.read',
    ] as const)
      expect(mayAsk(name, page(), us)).toBe(false);
    expect(mayAsk('page.hide', settings, us)).toBe(false);
  });

  it.each([
    ['another extension', { id: 'other' }],
    ['a frame within a page', { frameId: 3 }],
    ['somebody without a tab', { tab: undefined }],
    ['a page in clear', { url: 'http://github.com/' }],
    ['a page without an address', { url: undefined }],
    ['a page that looks like ours', { url: 'chrome-extension://other/options.html' }],
  ])('hears nothing from %s', (_, more) => {
    expect(mayAsk('page.begin', page(more), us)).toBe(false);
    expect(mayAsk('sign-in.read', page(more), us)).toBe(false);
  });

  it('is not taken in by addresses that begin alike', () => {
    const url = 'https://github.com/?chrome-extension://ours/';
    expect(mayAsk('sign-in.read', page({ url }), us)).toBe(false);
    expect(originOfPage(page({ url: 'https://github.com@evil.dev/' }), us)).toBe('https://evil.dev');
  });
});
