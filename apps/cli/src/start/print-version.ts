// The version without the commands, whose parser takes longer to load than this takes to its end.

import manifest from '../../package.json' with { type: 'json' };
import { print, quietPipes } from '../print/terminal/output.ts';

/** Prints the version. */
export function printVersion(): void {
  quietPipes();
  print(manifest.version);
}
