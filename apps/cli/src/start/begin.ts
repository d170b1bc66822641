// The first of what a new enough Node reads: the version is told without the commands being read.

import manifest from '../../package.json' with { type: 'json' };
import { print, quietPipes } from '../print/terminal/output.ts';

/** Runs the command line and leaves its result in `process.exitCode`. Never rejects. */
export async function begin(words: readonly string[]): Promise<void> {
  quietPipes();
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) return print(manifest.version);
  const { main } = await import('./program.ts');
  return main(words);
}
