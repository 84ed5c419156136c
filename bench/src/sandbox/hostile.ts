/** Programs that mean ill, by what they do. Each is a version of its own every time, so that none is put aside. */
export const HOSTILE = {
  'an endless loop': 'for (;;);',
  'a native loop that nothing interrupts': '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)',
  'a heap that grows': 'const all = []; for (;;) all.push(new Array(100_000).fill(1))',
  'a flood of log lines': `for (;;) console.log('x'.repeat(1_000))`,
  'a flood of timers': 'for (;;) setTimeout(() => {}, 0)',
  'an endless loop of promises': 'for (;;) await null',
  'a flood of calls': `for (;;) fetch('https://api.acme.dev/functions/x/configuration').catch(() => {})`,
  'a huge answer': `return 'x'.repeat(50_000_000)`,
} as const;

export const hostileCode = (program: keyof typeof HOSTILE): string =>
  `var __integration = { run: async () => { ${HOSTILE[program]} } };`;
