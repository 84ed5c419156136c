import { type Family, hostile } from './attack.ts';

const STOPPED =
  /^fails run\.(timed_out|out_of_cpu|out_of_memory|failed|disturbed|put_aside|result_too_large|too_many_calls)/;
const stopped = (name: string, body: string, metadata?: string) => hostile(name, body, STOPPED, metadata);
const survived = (name: string, body: string, metadata?: string) =>
  hostile(name, `${body}; return say('done');`, /^(says done|fails run\.)/, metadata);

export const exhaustion: Family = {
  name: 'on time, memory and threads',
  attacks: [
    stopped('loops for ever', 'for (;;) {}'),
    stopped('loops over promises', 'for (;;) await null'),
    stopped(
      'queues microtasks that queue microtasks',
      'const again = () => { queueMicrotask(again); queueMicrotask(() => {}); }; again(); await new Promise(() => {})',
    ),
    stopped('loops inside V8 where nothing interrupts', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)'),
    stopped('matches a catastrophic expression', `/^(\\w+\\s?)+$/.test('a'.repeat(60) + '!')`),
    stopped('computes a power of millions of digits', 'for (;;) 7n ** (7n ** 8n)'),
    stopped('sorts with a lie', 'for (;;) new Array(1e6).fill(0).sort(() => Math.random() - 0.5)'),
    stopped('never settles', 'await new Promise(() => {})'),
    stopped('fills its heap', 'const all = []; for (;;) all.push(new Array(100_000).fill({}))'),
    stopped('fills memory outside its heap', 'const all = []; for (;;) all.push(new Uint8Array(1_000_000).fill(1))'),
    stopped('asks for two gigabytes', 'return say(new ArrayBuffer(2 ** 31).byteLength)'),
    stopped('doubles a text', `let text = 'x'; for (;;) { text += text; JSON.stringify(text); }`),
    stopped('calls itself without end', 'const dive = () => dive() + dive(); dive()'),
    stopped('waits in a timer that blocks', 'await new Promise((done) => setTimeout(() => { for (;;); }, 1))'),
    survived(
      'floods timers',
      'try { for (;;) setTimeout(() => {}, 0) } catch {} await new Promise((done) => queueMicrotask(done))',
    ),
    survived('floods the log', `for (let n = 0; n < 50_000; n++) console.log('x'.repeat(5_000))`),
    survived('floods the bridge', `for (let n = 0; n < 30_000; n++) cache.get('x').catch(() => {})`),
    survived(
      'floods random numbers',
      'const until = Date.now() + 1_500; while (Date.now() < until) crypto.getRandomValues(new Uint8Array(1))',
    ),
    survived(
      'floods digests',
      `const until = Date.now() + 1_500; while (Date.now() < until) crypto.digestSync('sha512', new Uint8Array(60_000))`,
    ),
    survived(
      'leaves finalizers behind',
      'const registry = new FinalizationRegistry(() => { for (;;); }); for (let n = 0; n < 50_000; n++) registry.register({}, n)',
    ),
    survived(
      'makes formats by the thousand',
      `for (let n = 0; n < 300; n++) new Intl.DateTimeFormat('de-u-ca-chinese', { dateStyle: 'full' }).format(n)`,
    ),
    stopped('clones what grows while it is cloned', 'structuredClone({ get a() { for (;;); } })'),
    hostile(
      'asks its upstream for much at once',
      `await Promise.all(Array.from({ length: 60 }, () => fetch('https://api.attack.dev/large').then((r) => r.text()).catch(() => {}))); return say('done');`,
      /^(says done|fails (run|bus)\.)/,
      `hosts: ['api.attack.dev']`,
    ),
  ],
};
