import { type Family, hostile } from './attack.ts';

const REFLECTED = `hosts: ['reflect.dev', 'evil.dev'], secrets: { ATTACK_TOKEN: { hosts: ['reflect.dev'], slots: ['header'] } }`;
const asks = (path: string, how = '') =>
  `const r = await fetch('https://reflect.dev${path}', { headers: { 'x-token': secrets.ATTACK_TOKEN, authorization: 'Bearer ' + secrets.ATTACK_TOKEN } ${how} }); const body = await r.text();`;

export const reflection: Family = {
  name: 'on secrets, through hosts that may have them',
  attacks: [
    hostile(
      'has its secret reflected',
      `${asks('/headers')} return say(body.includes('[redacted]'), body);`,
      /^says true\|/,
      REFLECTED,
    ),
    hostile(
      'has its secret reflected in base64',
      `${asks('/base64')} return say(body);`,
      /^says .*redacted/,
      REFLECTED,
    ),
    hostile(
      'has its secret reflected packed',
      `${asks('/gzip')} return say(body.includes('[redacted]'));`,
      /^says true$/,
      REFLECTED,
    ),
    hostile(
      'has its secret reflected in headers and status',
      `${asks('/as-headers')} return say([...r.headers].flat(), r.statusText);`,
      /^says .*redacted/,
      REFLECTED,
    ),
    hostile(
      'is redirected with its secret in the address',
      `${asks('/redirect-with-secret')} return say(r.url);`,
      /^fails secret\.misplaced/,
      REFLECTED,
    ),
    hostile(
      'reads the redirect itself',
      `${asks('/redirect-with-secret', `, redirect: 'manual'`)} return say(r.headers.get('location'));`,
      /^says .*redacted/,
      REFLECTED,
    ),
    hostile(
      'is redirected to another of its hosts',
      `${asks('/redirect-to-evil')} return say(r.status);`,
      /^says 200$/,
      REFLECTED,
    ),
    hostile(
      'is redirected to a host that it may not call',
      `${asks('/redirect-to-stranger')} return say(r.status);`,
      /^fails outbound\.host_not_granted/,
      REFLECTED,
    ),
    hostile(
      'is redirected to this machine',
      `${asks('/redirect-to-loopback')} return say(r.status);`,
      /^fails outbound\./,
      `${REFLECTED.replace(`'evil.dev'`, `'evil.dev', '127.0.0.1:LOOPBACK'`)}`,
    ),
    hostile(
      'is redirected for ever',
      `${asks('/redirect-for-ever')} return say(r.status);`,
      /^fails run\.failed: Error: More than 5 redirects/,
      REFLECTED,
    ),
  ],
};
