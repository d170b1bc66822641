#!/usr/bin/env node
// The start: as little as possible before the compile cache is on, and nothing that an old Node cannot read.

import nodeModule from 'node:module';

/** Written in by build.mjs. */
declare const RECORDED_HELP: string | undefined;

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
  const isOnly = (...flags: readonly string[]) => words.length === 1 && flags.includes(words[0]!);
  if (isOnly('--version', '-V')) import('./start/at-once.ts').then(({ printVersion }) => printVersion());
  else if (isOnly('--help', '-h') && typeof RECORDED_HELP !== 'undefined')
    import('./start/at-once.ts').then(({ printHelp }) => printHelp());
  else import('./start/program.ts').then(({ main }) => main(words));
}
