#!/usr/bin/env node
// The start: as little as possible before the compile cache is on, and nothing that an old Node cannot read.

import nodeModule from 'node:module';

const oldest = [22, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  const problem = `error: anyimage needs Node ${oldest.join('.')} or later; this is ${process.version}`;
  process.stderr.write(
    `${problem}\n  try: a newer Node from https://nodejs.org; a checkout has one: npm start -- link\n`,
  );
  process.exitCode = 2;
} else {
  nodeModule.enableCompileCache();
  const words = process.argv.slice(2);
  if (words.length === 1 && ['--version', '-V'].includes(words[0]!))
    import('./start/print-version.ts').then(({ printVersion }) => printVersion());
  else import('./start/program.ts').then(({ main }) => main(words));
}
