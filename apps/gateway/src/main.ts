#!/usr/bin/env node
// The start: nothing that an old Node cannot read before its version is known.

import nodeModule from 'node:module';

const oldest = [22, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  const problem = `error: anyimage-gateway needs Node ${oldest.join('.')} or later; this is ${process.version}`;
  process.stderr.write(`${problem}\n  try: a newer Node from https://nodejs.org\n`);
  process.exitCode = 2;
} else {
  nodeModule.enableCompileCache();
  import('./commands/program.ts').then(({ main }) => main(process.argv.slice(2)));
}
