import { type Address, Guard } from './guard.ts';

const codeOf = (work: () => void): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const judge = (address: string, hosts: string[], allowed: string[] = []): string => {
  const url = new URL(address);
  return codeOf(() => new Guard(allowed).judge(url, { name: 'deploys', hosts }));
};

/** Grants whatever host the address has: only the guard itself is left to refuse. */
const judgeGranted = (address: string, allowed: string[] = []) => {
  const url = new URL(address);
  return judge(address, [`${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`], allowed);
};

const lookUp = (guard: Guard, options: { all: boolean }) =>
  new Promise<unknown[]>((resolve) =>
    guard.lookup('name.example', options as never, (...result: unknown[]) => resolve(result)),
  );

describe('the guard', () => {
  it('lets granted hosts be called by https', () => {
    expect(judge('https://api.github.com/repos', ['api.github.com'])).toBe('ok');
    expect(judge('https://API.GitHub.com/', ['api.github.com'])).toBe('ok');
    expect(judge('https://api.acme.dev:8443/', ['api.acme.dev:8443'])).toBe('ok');
    expect(judge('https://bücher.example/', ['xn--bcher-kva.example'])).toBe('ok');
  });

  it.each([
    'https://github.com/',
    'https://api.github.com.evil.example/',
    'https://evil.example/api.github.com',
    'https://evil.example#api.github.com',
    'https://evil.example\\@api.github.com/',
    'https://sub.api.github.com/',
    'https://api.github.com./',
    'https://api.github.com:8443/',
    'https://api-github.com/',
  ])('refuses %s where api.github.com is granted', (address) => {
    expect(judge(address, ['api.github.com'])).toBe('outbound.host_not_granted');
  });

  it('takes no entry of a grant for a pattern', () => {
    for (const entry of [
      '*',
      '*.com',
      '.com',
      '',
      'com',
      'api.github.com/',
      'https://api.github.com',
      'x@api.github.com',
      'api.github.com?',
    ])
      expect(judge('https://api.github.com/', [entry])).toBe('outbound.host_not_granted');
  });

  it('refuses user names, passwords and other protocols', () => {
    expect(judge('https://user@api.github.com/', ['api.github.com'])).toBe('request.invalid');
    expect(judge('https://:secret@api.github.com/', ['api.github.com'])).toBe('request.invalid');
    for (const address of [
      'ftp://api.github.com/',
      'file:///etc/passwd',
      'data:text/plain,x',
      'ws://api.github.com/',
      'unix:/run/docker.sock',
    ])
      expect(judge(address, ['api.github.com'])).toBe('request.invalid');
  });

  it.each([
    ...[
      'http://api.github.com/',
      'https://api.github.com:22/',
      'https://api.github.com:8080/',
      'http://api.github.com:443/',
    ],
    ...[
      'https://localhost/',
      'https://LOCALHOST/',
      'https://localhost./',
      'https://x.localhost/',
      'https://api.github.com./',
    ],
    ...[
      'https://127.0.0.1/',
      'https://127.1/',
      'https://2130706433/',
      'https://0x7f000001/',
      'https://0x7f.1/',
      'https://017700000001/',
    ],
    ...[
      'https://0/',
      'https://169.254.169.254/',
      'https://0xa9fea9fe/',
      'https://10.0.0.1/',
      'https://192.168.0.1:8443/',
    ],
    ...[
      'https://[::1]/',
      'https://[::]/',
      'https://[::ffff:127.0.0.1]/',
      'https://[fd00::1]/',
      'https://[fe80::1]/',
      'https://[64:ff9b::a00:1]/',
    ],
    ...['https://127。0。0。1/', 'https://①②⑦.0.0.1/', 'https://127.0.0.1./', 'https://%31%32%37.0.0.1/'],
  ])('refuses %s even where its host is granted', (address) => {
    expect(judgeGranted(address)).toBe('outbound.address_refused');
  });

  it('lets the operator name private and plain ones, each by host and port', () => {
    expect(judgeGranted('http://127.0.0.1:8080/', ['127.0.0.1:8080'])).toBe('ok');
    expect(judgeGranted('http://jenkins.internal:80/', ['jenkins.internal:80'])).toBe('ok');
    expect(judgeGranted('https://[::1]:9000/', ['[::1]:9000'])).toBe('ok');
    expect(judgeGranted('http://127.0.0.1:8081/', ['127.0.0.1:8080'])).toBe('outbound.address_refused');
    expect(judge('http://127.0.0.1:8080/', ['api.github.com'], ['127.0.0.1:8080'])).toBe('outbound.host_not_granted');
  });

  it('does not take a bare host in a grant for plain http', () => {
    expect(judge('http://jenkins.internal/', ['jenkins.internal'], ['jenkins.internal:80'])).toBe(
      'outbound.host_not_granted',
    );
  });

  it('hands the connection only addresses that it has judged', async () => {
    const addresses: Address[] = [
      { address: '140.82.121.4', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ];
    const guard = new Guard([], async () => addresses);
    expect(await lookUp(guard, { all: true })).toEqual([null, addresses]);
    expect(await lookUp(guard, { all: false })).toEqual([null, '140.82.121.4', 4]);
  });

  it('refuses a name of whose addresses a single one is private', async () => {
    for (const bad of ['127.0.0.1', '169.254.169.254', '::ffff:10.0.0.1', 'fd00::1', 'nonsense']) {
      const guard = new Guard([], async () => [
        { address: '140.82.121.4', family: 4 },
        { address: bad, family: 4 },
      ]);
      const [error] = await lookUp(guard, { all: true });
      expect(error).toMatchObject({ code: 'outbound.address_refused' });
      expect((error as Error).message).not.toContain(bad);
    }
  });

  it('finds no address where there is none', async () => {
    expect((await lookUp(new Guard([], async () => []), { all: false }))[0]).toMatchObject({ code: 'ENOTFOUND' });
  });
});
