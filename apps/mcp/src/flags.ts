// What stands behind `anyimage-mcp` on the command line.

import { didYouMean, nearest, quotedWord } from '@anyimage/core';
import type { Environment } from '@anyimage/host';
import manifest from '../package.json' with { type: 'json' };
import { compatNames, compatOffer } from './compat/offer.ts';
import type { Offer } from './tools/tool.ts';

/** What is to be served; or what is told, and the exit code. */
export type AskedStart = { readonly offer: Offer } | { readonly text: string; readonly code: 0 | 2 };

const flags = ['--compat', '--help', '--version'] as const;

const help = `anyimage-mcp is an MCP server for pictures. A client (Claude Desktop, Cursor, VS Code ...) starts it and speaks with it over
stdin and stdout; its configuration names this command, and settings as env:

  { "command": "anyimage-mcp", "env": { "ANYIMAGE_MODEL": "sketch" } }

Usage: anyimage-mcp [--compat NAME]

  --compat NAME   take the place of another server, with its tools, arguments and
                  variables: ${compatNames.join(', ')}
  -h, --help      show this
  -V, --version   show the version

Keys and the model are set with the anyimage command: anyimage keys set, anyimage use.
All settings, by client: https://github.com/anyimage/anyimage/tree/main/apps/mcp#readme`;

/** `words`: one at least. */
export function readFlags(words: readonly string[], env: Environment): AskedStart {
  const [flag = '', name = '', ...more] = words.flatMap((word) => word.split(/(?<=^--compat)=/));
  if (words.some((word) => word === '--help' || word === '-h')) return { text: help, code: 0 };
  if (words.some((word) => word === '--version' || word === '-V')) return { text: manifest.version, code: 0 };
  if (flag !== '--compat') return refused(flag, flags, 'is no flag of anyimage-mcp');
  if (more.length > 0) return refused(more[0]!, [], 'is one word too many');
  if (!name) return refused(flag, [], 'needs the name of a server');
  const offer = compatOffer(name, env);
  return offer ? { offer } : refused(name, compatNames, 'is no server whose place it takes');
}

function refused(word: string, known: readonly string[], problem: string): AskedStart {
  const near = didYouMean(nearest(word, known, 1));
  const takes = `It takes --compat ${compatNames.join(' or ')}, --help and --version.`;
  return { text: `error: ${quotedWord(word, 80)} ${problem}. ${near || takes}`, code: 2 };
}
