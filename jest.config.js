// `npm test` runs *.test.ts; `npm run test:servers` sets FINGERPOST_SUITE=servers and runs *.servers.ts; `npm run verify` *.verify.ts;
// `npm run test:cluster` runs the end-to-end suite once more, on separate processes and real servers.
const suite = process.env.FINGERPOST_SUITE ?? 'fast';
const ON_A_CLUSTER = ['standalone', 'failures', 'authors-mistakes', 'sealed-sdks'];
const MATCH = {
  servers: ['**/*.servers.ts'],
  verify: ['**/*.verify.ts'],
  cluster: ON_A_CLUSTER.map((name) => `**/e2e/${name}.test.ts`),
};

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['fingerpost-source', 'node', 'node-addons'] },
  testMatch: MATCH[suite] ?? ['**/*.test.ts', '**/*.test.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  watchPathIgnorePatterns: ['/dist/', '/.nx/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
            react: { runtime: 'automatic' },
          },
        },
      },
    ],
  },
  reporters: ['default', '<rootDir>/tools/missing-servers-reporter.cjs'],
  testTimeout: ['cluster', 'verify'].includes(suite) ? 90_000 : 20_000,
  ...(suite === 'cluster' && { maxWorkers: 1 }),
};
