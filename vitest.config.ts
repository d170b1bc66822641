import { defineConfig } from 'vitest/config';

// Unit tests run on the sources of every package (the "anyimage-source" export condition); packages/e2e on what is built.
const conditions = ['anyimage-source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/*.test.mjs'],
    globalSetup: './scripts/temp-folder.mjs',
    reporters: ['default', './scripts/counts.mjs'],
    // Many tests wait for processes: one worker for each core, where vitest would leave one idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
