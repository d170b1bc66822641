// From the words behind `anyimage-mcp` to what is served.

import { serve } from './server/serve.ts';
import { instructions, tools } from './tools/index.ts';

/**
 * Serves, as our own server or in the place of another: `--compat NAME`. Other words end the process, and what they ask for is told on
 * stderr: stdout belongs to the protocol.
 */
export async function start(words: readonly string[]): Promise<void> {
  if (words.length === 0) {
    if (process.stdin.isTTY)
      say('anyimage-mcp waits for a client on stdin, Ctrl-C ends it; anyimage-mcp --help tells more.');
    return serve({ tools, instructions, env: process.env });
  }
  const { readFlags } = await import('./flags.ts');
  const asked = readFlags(words, process.env);
  if ('offer' in asked) return serve(asked.offer);
  say(asked.text);
  process.exitCode = asked.code;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
