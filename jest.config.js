import { unitTests } from './test/support/unit-tests.ts';

const unit = unitTests(import.meta.dirname).map((file) => `<rootDir>/${file}`);

const project = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.tenantry'],
};

export default {
  testTimeout: 60_000,
  // Each file may start servers of its own, and the usual machine has two cores.
  maxWorkers: 2,
  projects: [
    // Jest runs the global setup only when a test of its project runs, so unit tests start no server.
    { ...project, displayName: 'unit', testMatch: unit },
    {
      ...project,
      displayName: 'servers',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: unit.map((file) => `${file}$`),
      globalSetup: '<rootDir>/test/support/global-setup.mts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
