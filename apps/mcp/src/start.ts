// From the words behind `anyimage-mcp` to what is served.

import { serve } from './server/serve.ts';
import { instructions, tools } from './tools/index.ts';

/** Serves, as our own server or in the place of another: `--compat NAME`. Words that mean nothing end the process, and are told on stderr. */
export async function start(words: readonly string[]): Promise<void> {
  const [flag, name, ...more] = words.flatMap((word) => word.split(/(?<=^--compat)=/));
  if (flag === undefined) return serve({ tools, instructions, env: process.env });
  const { compatNames, compatOffer } = await import('./compat/offer.ts');
  const offer = flag === '--compat' && more.length === 0 ? compatOffer(name ?? '', process.env) : undefined;
  if (offer) return serve(offer);
  const said = JSON.stringify(words.join(' ').slice(0, 80));
  process.stderr.write(
    `error: anyimage-mcp takes --compat ${compatNames.join(' or ')}, and nothing else (got ${said})\n`,
  );
  process.exitCode = 2;
}
