import type { SecretBinding } from '@fingerpost/contracts';
import { adviseOn, whyNotBindable } from './judge-bindings.ts';

const bind = (change: Partial<SecretBinding> = {}): SecretBinding => ({
  hosts: ['api.acme.dev'],
  methods: ['GET', 'HEAD'],
  pathPrefixes: ['/'],
  slots: ['header'],
  ...change,
});

describe('where a secret may go', () => {
  it.each(['httpbin.org', 'eu.httpbin.org:8443', 'postman-echo.com', 'webhook.site', 'acme.free.beeceptor.com'])(
    'is never %s, which tells what it is sent',
    (host) => {
      expect(whyNotBindable('TOKEN', bind({ hosts: ['api.acme.dev', host] }))).toContain(
        `secrets.TOKEN: ${host} answers with what it is sent`,
      );
    },
  );

  it('may be anywhere else', () => {
    for (const host of ['api.github.com', 'nothttpbin.org', 'httpbin.org.acme.dev'])
      expect(whyNotBindable('TOKEN', bind({ hosts: [host] }))).toBeUndefined();
  });
});

describe('advice', () => {
  it('is not given where nothing could be narrower', () => {
    const pair = bind({ hosts: ['s3.*.amazonaws.com', '*.s3.*.amazonaws.com'], methods: ['GET', 'POST'] });
    const secrets = {
      TOKEN: bind(),
      AWS_ACCESS_KEY_ID: pair,
      POSTS: bind({ methods: ['POST'], pathPrefixes: ['/graphql'] }),
    };
    expect(adviseOn({ secrets })).toEqual([]);
  });

  it('says what is wide and what to write', () => {
    const [hosts, paths] = adviseOn({
      secrets: { TOKEN: bind({ hosts: ['a.dev', 'b.dev'], methods: ['GET', 'POST'] }) },
    });
    expect(hosts).toBe(
      'The secret TOKEN may go to each of a.dev, b.dev. Name its own: secrets: { TOKEN: { hosts: ["a.dev"] } }.',
    );
    expect(paths).toContain('may be used with POST on every path of a.dev, b.dev');
  });
});
