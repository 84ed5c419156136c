import { authorized, edgeUnderTest } from '../testing/edge-under-test.ts';

const { get, start } = edgeUnderTest();

describe('what the extension asks for', () => {
  it('has ToolJump’s shapes', async () => {
    await start(
      [],
      { FINGERPOST_SITES: 'github,generic', FINGERPOST_SITE_PARTS_OFF: 'github.actions' },
      { catalogue: { customDomains: ['https://wiki.acme.dev'] } },
    );
    expect(await (await get('/config', authorized)).json()).toEqual({
      adapters: [
        {
          name: 'github',
          enabled: true,
          urls: ['https://github.com'],
          description: expect.any(String),
          partsOff: ['github.actions'],
        },
        {
          name: 'aws',
          enabled: false,
          urls: expect.arrayContaining(['https://*.console.aws.amazon.com']),
          description: expect.any(String),
          partsOff: [],
        },
        {
          name: 'gitlab',
          enabled: false,
          urls: ['https://gitlab.com'],
          description: expect.any(String),
          partsOff: [],
        },
        { name: 'generic', enabled: true, urls: [], description: expect.any(String), partsOff: [] },
      ],
      customDomains: ['https://wiki.acme.dev'],
      timestamp: expect.any(String),
    });
    expect(await (await get('/custom-domains', authorized)).json()).toEqual({
      hosts: ['https://wiki.acme.dev'],
      count: 1,
      timestamp: expect.any(String),
    });
    expect(await (await get('/catalogue', authorized)).json()).toEqual({
      epoch: 1,
      entries: [],
      customDomains: ['https://wiki.acme.dev'],
    });
  });
});
