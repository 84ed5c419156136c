import { type Attack, type Family, hostile, slug, source } from './attack.ts';

const twice = (attack: Attack): Attack => ({ ...attack, questions: [{ step: 1 }, { step: 2 }] });
/** One leaves something behind, another looks for it. */
const pair = (name: string, leave: string, look: string, metadata: string, ends: RegExp): Attack => {
  const page = slug(name);
  const [leaves, looks] = [`leaves-${page}`, `looks-${page}`];
  return {
    name,
    files: {
      [`${leaves}.integration.js`]: source(leaves, leave, `priority: 900, ${metadata}`, '', page),
      [`${looks}.integration.js`]: source(looks, look, metadata, '', page),
    },
    questions: [{ step: 1 }, { step: 2 }],
    ends,
  };
};

export const persistence: Family = {
  name: 'to outlive its run',
  attacks: [
    twice(
      hostile(
        'leaves a global',
        `const before = globalThis.left; globalThis.left = context.step; return say(before ?? 'nothing');`,
        /^says nothing$/,
      ),
    ),
    twice(
      hostile(
        'leaves a variable of its module',
        `left ??= context.step; return say(left);`,
        /^says 2$/,
        '',
        'let left;',
      ),
    ),
    twice(
      hostile(
        'leaves a poisoned prototype',
        `const before = {}.left ?? [].left ?? 'nothing'; Object.prototype.left = Array.prototype.left = 1; JSON.parse = () => ({ insights: [] }); return say(before);`,
        /^says nothing$/,
      ),
    ),
    twice(
      hostile(
        'freezes what all are made of',
        `Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(Promise.prototype); return say(context.step);`,
        /^says 2$/,
      ),
    ),
    twice(
      hostile(
        'keeps a registered symbol and a match',
        `const before = RegExp.$1; /(x)/.test('x'); Symbol.for('left').description; return say(before || 'nothing');`,
        /^says nothing$/,
      ),
    ),
    twice(
      hostile(
        'ticks on in the next run',
        `setInterval(() => { ticks++; }, 1); await new Promise((done) => setTimeout(done, 30)); const seen = ticks; ticks = 0; await new Promise((done) => setTimeout(done, 40)); return say(seen < 100);`,
        /^says true$/,
        `isolation: 'warm'`,
        'let ticks = 0;',
      ),
    ),
    twice(
      hostile(
        'asks for warm though it is told who looks',
        `runs++; return say(runs);`,
        /^says 1$/,
        `isolation: 'warm', scope: 'user'`,
        'let runs = 0;',
      ),
    ),
    twice(
      hostile(
        'replaces its own exports',
        `module.exports.run = () => say('replaced'); globalThis.__integration = { run: () => say('replaced') }; return say('own');`,
        /^says own$/,
      ),
    ),
    pair(
      'poisons its isolate',
      `Object.prototype.stolen = 'stolen'; globalThis.stolen = 'stolen'; Array.prototype.map = () => ['stolen']; return [];`,
      `return say(globalThis.stolen ?? {}.stolen ?? 'nothing');`,
      `isolation: 'warm'`,
      /^says nothing$/,
    ),
    pair(
      'reads a cache that is not its own',
      `await cache.set('key', 'stolen', 60); return [];`,
      `return say((await cache.get('key')) ?? (await cache.get('leaves key')) ?? (await cache.get('__proto__')) ?? (await cache.get('')) ?? 'nothing');`,
      '',
      /^says nothing$/,
    ),
  ],
};
