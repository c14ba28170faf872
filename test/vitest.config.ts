import { defineConfig } from 'vitest/config';

/**
 * Files of these folders share a worker and what it has read in: they only compute, on virtual time, and keep nothing
 * outside what they build themselves. Each of the others gets a process of its own.
 */
const shared = ['config', 'contract', 'domain', 'flow', 'virtual', 'workflows'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    setupFiles: ['test/setup/property-seed.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: shared } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'devices/**/*.ts'],
      exclude: ['src/cli/**'],
      reporter: ['text-summary'],
    },
  },
});
