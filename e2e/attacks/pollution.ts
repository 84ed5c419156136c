import { type Attack, type Family, hostile, slug, withFiles } from './attack.ts';

const asked = (attack: Attack, question: string): Attack => ({ ...attack, questions: [JSON.parse(question)] });
const matching = (name: string, context: string, ends: RegExp): Attack => ({
  name,
  files: {
    [`${slug(name)}.integration.js`]: `module.exports = { metadata: { name: 'x${slug(name)}', cache: 0, match: { contextType: 'github', context: JSON.parse('${context}') } }, run: () => [{ type: 'text', content: 'matched' }] };`,
  },
  ends,
});

export const pollution: Family = {
  name: 'on prototypes',
  attacks: [
    asked(
      hostile('is asked with names of prototypes', `return say({}.polluted, context.then);`, /^says undefined\|1$/),
      `{"then":1,"toJSON":1,"length":-1,"get":7,"map":null,"toString":1,"valueOf":2,"hasOwnProperty":3,"constructor":{"name":"x"},"prototype":4}`,
    ),
    matching('matches on a prototype', `{"__proto__.polluted":{"exists":true}}`, /^(says $|refused)/),
    matching('matches on a constructor', `{"constructor.name":{"equals":"Object"}}`, /^(says $|refused)/),
    matching('has a rule that is a prototype', `{"page.repository":{"__proto__":{"exists":true}}}`, /^refused/),
    hostile(
      'keeps answers by a prototype',
      `return say({}.polluted);`,
      /^(says undefined|refused)/,
      `cache: 60, cacheKey: ['__proto__.polluted', 'constructor.prototype']`,
    ),
    {
      ...hostile('is named constructor', `return say('x');`, /^says x$/),
      files: {
        'constructor.integration.js': `module.exports = { metadata: { name: 'constructor', cache: 0, match: { contextType: 'github', context: { 'page.repository': { equals: 'attack/is-named-constructor' } } } }, run: () => [{ type: 'text', content: 'x' }] };`,
      },
    },
    withFiles(
      hostile(
        'brings data with prototype keys',
        `return say({}.polluted, dataFiles.find(({ id }) => id === '__proto__') !== undefined);`,
        /^says undefined\|true$/,
      ),
      {
        '__proto__.data.json': '{"__proto__":{"polluted":1}}',
        'proto.data.yml': '__proto__:\n  polluted: 1\nconstructor:\n  prototype:\n    polluted: 1\n',
      },
    ),
    hostile(
      'asks for secrets of a prototype',
      `return say(secrets.__proto__?.polluted);`,
      /^(refused|fails|says undefined)/,
      `requiredSecrets: ['__PROTO__'], hosts: ['api.attack.dev'], secrets: JSON.parse('{"__proto__":{"slots":["header"]}}')`,
    ),
  ],
};
