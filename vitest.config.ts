import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongFirst from './scripts/vitest/long-first.mjs';

// Unit tests run on the sources of every package (the "anyimage-source" export condition); packages/e2e on what is built.
const conditions = ['anyimage-source', 'module', 'node', 'import', 'default'];

// npm run test:long puts this in place of fast-check.
const moreCases = fileURLToPath(new URL('./scripts/vitest/more-cases.mjs', import.meta.url));

const tests = [
  'packages/*/src/**/*.test.ts',
  'packages/create-provider/templates/*/src/*.test.ts',
  'examples/plugins/*/src/**/*.test.ts',
  'apps/*/src/**/*.test.ts',
  'scripts/**/*.test.mjs',
];

export default defineConfig({
  resolve: {
    conditions,
    alias: process.env.ANYIMAGE_CASES ? [{ find: /^fast-check$/, replacement: moreCases }] : [],
  },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: tests,
    // Tests leave the process as they found it: a worker runs one file after the other, and loads what they share once.
    isolate: false,
    globalSetup: './scripts/vitest/temp-folder.mjs',
    sequence: { sequencer: LongFirst },
    reporters: ['default', './scripts/vitest/counts.mjs'],
    // Many tests wait for processes: one worker more than there are cores, where vitest would leave one idle.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
