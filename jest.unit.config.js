export default {
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
  testTimeout: 60_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  rootDir: import.meta.dirname,
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.tenantry'],
};
