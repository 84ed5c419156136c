import { availableParallelism } from 'node:os';

// `npm test` runs *.test.ts; `npm run test:servers` sets FINGERPOST_SUITE=servers and runs *.servers.ts; `npm run verify` *.verify.ts;
// `npm run test:cluster` runs the end-to-end suite once more, on separate processes and real servers; `npm run test:compose` on containers.
const suite = process.env.FINGERPOST_SUITE ?? 'fast';
const ELSEWHERE = ['standalone', 'failures', 'authors-mistakes', 'sealed-sdks'].map((name) => `**/e2e/${name}.test.ts`);
const PATIENCE_MS = { cluster: 90_000, verify: 90_000, compose: 240_000 }[suite];
const MATCH = {
  servers: ['**/*.servers.ts'],
  verify: ['**/*.verify.ts'],
  cluster: ELSEWHERE,
  compose: ELSEWHERE,
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
  setupFilesAfterEnv: ['<rootDir>/tools/second-try.mjs'],
  reporters: ['default', '<rootDir>/tools/closing-summary.cjs'],
  testTimeout: PATIENCE_MS ?? 45_000,
  // Much of what a test does is waiting: two of them share even two cores well.
  maxWorkers: PATIENCE_MS === undefined ? Math.max(2, availableParallelism() - 1) : 1,
};
