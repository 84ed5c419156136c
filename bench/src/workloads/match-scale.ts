import { ratioBar } from '../bars.ts';
import { closedLoop } from '../load.ts';
import type { Files } from '../target.ts';
import { answers, type Entry, integrationFile, newPage, type Workload, webshopPage } from './workload.ts';

const SIZES = [10, 1_000, 10_000];

// The five that fit, each found by another kind of rule.
const FITTING = [
  `{ equals: 'acme/webshop' }`,
  `{ in: ['acme/webshop', 'acme/payments'] }`,
  `{ startsWith: 'acme/' }`,
  `{ endsWith: '/webshop' }`,
  `{ pattern: /^acme\\/web[a-z]+$/ }`,
].map((rule, index) => ({
  name: `bench-fits-${index}`,
  match: `contextType: 'github', context: { 'page.repository': ${rule} }`,
}));

// Those that do not: mixed rules, most of them of the page's own type, none too easy to tell apart.
const NOT_FITTING = [
  (n: number) => `contextType: 'github', context: { 'page.repository': { equals: 'acme/webshop-${n}' } }`,
  (n: number) => `contextType: 'github', context: { 'page.repository': { in: ['acme/cart-${n}', 'acme/stock-${n}'] } }`,
  (n: number) =>
    `contextType: 'github', context: { 'page.repository': { startsWith: 'acme/web-${n}' }, 'page.name': { equals: 'repository' } }`,
  (n: number) => `contextType: 'github', context: { 'page.repository': { endsWith: '-webshop-${n}' } }`,
  (n: number) => `contextType: 'github', context: { 'page.repository': { pattern: /^team-${n}\\/[a-z]+$/ } }`,
  (n: number) =>
    `contextType: 'github', context: { 'page.section.workflow': { exists: true }, 'page.repository': { equals: 'acme/job-${n}' } }`,
  (n: number) => `contextType: '*', context: { 'page.repository': { equals: 'other/repository-${n}' } }`,
  (n: number) => `contextType: 'aws', context: { 'service.resourceName': { equals: 'function-${n}' } }`,
  (n: number) => `contextType: 'generic', context: { url: { startsWith: 'https://wiki-${n}.acme.dev/' } }`,
];

function filesOf(size: number): Files {
  const fitting = FITTING.map(({ name, match }) =>
    integrationFile(name, {
      cache: 3_600,
      match,
      run: `return [{ type: 'text', content: '${name} for ' + context.page.repository }];`,
    }),
  );
  const others = Array.from({ length: size - FITTING.length }, (_, n) =>
    integrationFile(`bench-other-${n}`, {
      cache: 3_600,
      match: NOT_FITTING[n % NOT_FITTING.length]!(n),
      run: 'return [];',
    }),
  );
  return Object.assign({}, ...fitting, ...others);
}

const check = answers(FITTING.map(({ name }) => `${name} for acme/webshop`));
const samePage = () => ({ context: webshopPage(1), check });
const everNewPage = () => ({ context: newPage(), check });

export const matchScale: Workload = {
  name: 'match-scale',
  title:
    'Of 10, 1,000 and 10,000 integrations of mixed rules always the same five fit, and their answers are remembered.',
  entries: (cast) =>
    // Somebody else's server has one folder, so it can show one size only.
    (cast.isRemote ? [1_000] : SIZES).flatMap((size): Entry[] => {
      const files = filesOf(size);
      const note = size.toLocaleString('en');
      return [
        { id: `ours-${size}`, contender: cast.ours(), files, note, against: `yardstick-${size}` },
        { id: `yardstick-${size}`, contender: cast.yardstick, files, note },
      ];
    }),
  parts: [
    {
      name: 'same-page',
      title: 'the same page, 8 at a time: what fits is remembered too',
      question: samePage,
      measure: (target, size) => closedLoop(target, samePage, { requests: size(2_000), lanes: 8 }),
    },
    {
      name: 'new-page',
      title: 'a new page every time, 8 at a time: every request asks anew what fits',
      question: everNewPage,
      measure: (target, size) => closedLoop(target, everNewPage, { requests: size(2_000), lanes: 8 }),
    },
  ],
  bars: [
    ratioBar({
      part: 'same-page',
      figure: 'cpuMsPerRequest',
      of: 'ours-10000',
      to: 'ours-10',
      atMost: 1.1,
      from: 'design',
    }),
    ratioBar({
      part: 'new-page',
      figure: 'cpuMsPerRequest',
      of: 'ours-10000',
      to: 'ours-10',
      atMost: 1.1,
      from: 'design',
    }),
  ],
};
