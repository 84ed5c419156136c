// The house's walls, as docs/ARCHITECTURE draws them. `npm run lint` holds the imports against them.
const inService = '^services/([^/]+)/src/';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle means that a third thing has no name yet.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contracts-know-nobody',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^(packages/(?!contracts)|services|console|bench|extension)/' },
    },
    {
      name: 'platform-knows-only-contracts',
      severity: 'error',
      from: { path: '^packages/platform/' },
      to: { path: '^(packages/(?!platform|contracts)|services|console|bench|extension)/' },
    },
    {
      name: 'no-door-between-services',
      comment: 'Services speak contracts over the bus. Only standalone composes them.',
      severity: 'error',
      from: { path: inService, pathNot: '^services/standalone/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'bar-runs-in-a-browser',
      severity: 'error',
      from: { path: '^(packages/bar|console)/', pathNot: '(\\.(test|servers)\\.tsx?$|vite\\.config)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'runner-reaches-only-the-bus',
      comment: 'No HTTP client, no secret store, no database driver: what is not there cannot be abused.',
      severity: 'error',
      from: { path: '^services/runner/src/', pathNot: ['\\.(test|servers)\\.ts$', 'inside/try-walls\\.ts$'] },
      to: { path: '(^|/)(undici|ioredis|pg|node:http|node:https|node:net|node:dns|node:tls)(/|$)' },
    },
    {
      name: 'inside-is-a-world-of-its-own',
      comment: 'What runs behind the walls takes nothing from outside but the protocol and the contracts’ types.',
      severity: 'error',
      from: { path: '^services/runner/src/sandbox/inside/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(services|packages)/',
        pathNot: ['^services/runner/src/sandbox/(inside/|protocol\\.ts$)', '^packages/contracts/'],
      },
    },
    {
      name: 'rules-know-no-framework',
      comment: 'Nest stays at the rim: *.module.ts, *.subjects.ts, *.http.ts and what starts a service.',
      severity: 'error',
      from: {
        path: inService,
        pathNot: '(\\.module|\\.subjects|\\.http|start-[a-z-]+|index|\\.test|\\.servers)\\.ts$',
      },
      to: { path: '^node_modules/@nestjs/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/node_modules/\\.)' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      conditionNames: ['fingerpost-source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
