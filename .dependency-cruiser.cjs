// The house's walls, as ARCHITECTURE.md draws them. Looks at what was built, programs and declarations: this tool cannot parse TypeScript 7.
// tsc holds the rest: it refuses files of a project that is not among a tsconfig's references.
const inService = '^services/([^/]+)/dist/';

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
      name: 'bar-and-sites-run-in-a-browser',
      severity: 'error',
      from: { path: '^packages/(bar|sites)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'runner-reaches-only-the-bus',
      comment:
        'No HTTP client, no secret store, no database driver: what is not there cannot be abused. (try-walls tries.)',
      severity: 'error',
      from: { path: '^services/runner/dist/', pathNot: 'inside/try-walls\\.(js|d\\.ts)$' },
      to: {
        path: '^(node:)?(undici|ioredis|pg|http|https|http2|net|dns|tls|dgram)$|node_modules/(undici|ioredis|pg)/|^packages/platform/dist/(database|otlp)/',
      },
    },
    {
      name: 'inside-is-a-world-of-its-own',
      comment: 'What runs behind the walls takes nothing of ours from outside.',
      severity: 'error',
      from: { path: '^services/runner/dist/sandbox/inside/' },
      to: {
        path: '^(services|packages)/',
        pathNot: '^(services/runner/dist/sandbox/(inside/|protocol|from-sandbox)|packages/contracts/)',
      },
    },
    {
      name: 'guest-knows-no-web',
      comment: 'Both snapshots hold the guest; only one holds the web, which is lent what it needs of the guest.',
      severity: 'error',
      from: { path: '^services/runner/dist/sandbox/inside/guest/' },
      to: { path: '^services/runner/dist/sandbox/inside/web/' },
    },
    {
      name: 'rules-know-no-framework',
      comment: 'Nest stays at the rim: *.module, *.subjects, *.http, and what starts a service.',
      severity: 'error',
      from: { path: inService, pathNot: '(\\.module|\\.subjects|\\.http|start-[a-z-]+)\\.(js|d\\.ts)$' },
      to: { path: 'node_modules/@nestjs/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/inside/' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
