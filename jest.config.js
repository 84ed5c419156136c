// `npm test` runs *.test.ts; `npm run test:servers` sets FINGERPOST_SUITE=servers and runs *.servers.ts; `npm run verify` *.verify.ts.
const SUITES = { servers: ['**/*.servers.ts'], verify: ['**/*.verify.ts'] };

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['fingerpost-source', 'node', 'node-addons'] },
  testMatch: SUITES[process.env.FINGERPOST_SUITE] ?? ['**/*.test.ts', '**/*.test.tsx'],
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
  testTimeout: 20_000,
};
