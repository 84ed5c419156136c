import { type Attack, type Family, hostile } from './attack.ts';

const REFUSED = /^(fails (outbound\.(address_refused|host_not_granted|failed)|request\.invalid|run\.failed)|refused )/;

/** Even where a grant names the host. */
const calls = (name: string, url: string, hosts: string[], init = '{}'): Attack =>
  hostile(
    name,
    `const r = await fetch(${JSON.stringify(url)}, ${init}); return say(r.status, await r.text());`,
    REFUSED,
    `hosts: ${JSON.stringify(hosts)}`,
  );

export const ssrf: Family = {
  name: 'on the network inside',
  attacks: [
    calls('calls this machine', 'https://127.0.0.1:LOOPBACK/', ['127.0.0.1:LOOPBACK']),
    calls('calls this machine plainly', 'http://127.0.0.1:LOOPBACK/', ['127.0.0.1:LOOPBACK']),
    calls('calls this machine by name', 'https://localhost:LOOPBACK/', ['localhost:LOOPBACK']),
    calls('calls this machine by a name with a dot', 'https://localhost.:LOOPBACK/', [
      'localhost.:LOOPBACK',
      'localhost:LOOPBACK',
    ]),
    calls('calls this machine in IPv6', 'https://[::1]:LOOPBACK/', ['[::1]:LOOPBACK']),
    calls('calls this machine in mapped IPv6', 'https://[::ffff:127.0.0.1]:LOOPBACK/', [
      '[::ffff:7f00:1]:LOOPBACK',
      '127.0.0.1:LOOPBACK',
    ]),
    calls('calls this machine in one number', 'https://2130706433/', ['127.0.0.1', '2130706433']),
    calls('calls this machine in octal', 'https://0177.0.0.1/', ['127.0.0.1']),
    calls('calls this machine in hex', 'https://0x7f.1/', ['127.0.0.1']),
    calls('calls nowhere, which is here', 'https://0.0.0.0/', ['0.0.0.0']),
    calls('calls the metadata of a cloud', 'https://169.254.169.254/latest/meta-data/', ['169.254.169.254']),
    calls('calls the network of the company', 'https://10.0.0.1/', ['10.0.0.1']),
    calls('calls a good host without TLS', 'http://api.attack.dev/', ['api.attack.dev']),
    calls('calls a good host at another port', 'https://api.attack.dev:22/', ['api.attack.dev:22']),
    calls('names a good host before the at sign', 'https://api.attack.dev@127.0.0.1/', ['api.attack.dev']),
    calls('names a good host behind a backslash', 'https://evil.dev\\@api.attack.dev/', ['api.attack.dev']),
    calls('calls a host that only ends like a good one', 'https://notapi.attack.dev/', ['api.attack.dev']),
    calls('calls a host in other letters', 'https://api.attack\u3002dev.evil.dev/', ['api.attack.dev']),
    calls('reads a file by its address', 'file:///etc/passwd', ['api.attack.dev']),
    calls(
      'breaks a line in a header',
      'https://api.attack.dev/',
      ['api.attack.dev'],
      `{ headers: { a: 'b\\r\\nX-Smuggled: yes' } }`,
    ),
    hostile(
      'smuggles by headers that steer the connection',
      `const r = await fetch('https://api.attack.dev/headers', { method: 'POST', body: 'GET /smuggled HTTP/1.1\\r\\nHost: evil.dev\\r\\n\\r\\n', headers: { 'transfer-encoding': 'chunked', 'content-length': '4', connection: 'keep-alive, x-a', host: 'evil.dev', upgrade: 'h2c', te: 'trailers', trailer: 'x', 'proxy-authorization': 'x', expect: '100-continue' } });
       const seen = await r.json(); return say(seen.host, seen['transfer-encoding'], seen.upgrade, seen.te, seen['proxy-authorization'], seen['content-length'], seen.expect);`,
      /^says api\.attack\.dev\|undefined\|undefined\|undefined\|undefined\|42\|undefined$/,
      `hosts: ['api.attack.dev']`,
    ),
    calls('breaks a line in a path', 'https://api.attack.dev/\r\nX-Smuggled: yes', ['evil.dev']),
    calls('speaks another method', 'https://api.attack.dev/', ['api.attack.dev'], `{ method: 'CONNECT' }`),
    calls('claims every host', 'https://evil.dev/', ['*']),
    calls('claims every name under a domain', 'https://evil.dev/', ['*.dev']),
  ],
};
