// npm run test:long: the files with properties, with many more cases; npm run test:long -- packages/core for those of one place.
// --cases N (default 200000) and --minutes N (default 20) say how long one property is tried.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { env, install, root, run, sourceFiles } from './run.mjs';

install();
const { values, positionals } = parseArgs({
  options: { cases: { type: 'string', default: '200000' }, minutes: { type: 'string', default: '20' } },
  allowPositionals: true,
});
const files = sourceFiles()
  .filter((file) => file.endsWith('.test.ts') && readFileSync(join(root, file), 'utf8').includes('fc.assert('))
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)));
// Some of the files also hold tests of what is built.
const built = await run('turbo', ['run', 'build', '--output-logs=errors-only']);
Object.assign(env, { ANYIMAGE_CASES: values.cases, ANYIMAGE_MINUTES: values.minutes });
process.exit(built || (await run('vitest', ['run', '--testTimeout=0', ...files])));
