// What the code of plugins cannot do to the app that it runs in: end it, by a call or by an error that nobody catches.

import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { messageOf, quoted } from '@anyimage/core';

/** The folders of plugins that code was loaded from, as a stack of calls names them. */
const folders = new Set<string>();

/** From now on code below `folder`, that of plugins, ends no app: where it wants to, that code fails. */
export function keepApart(folder: string): void {
  const isFirst = folders.size === 0;
  for (const path of [folder, realpathSync(folder)]) folders.add(path).add(pathToFileURL(path).href);
  if (!isFirst) return;
  const end = process.exit.bind(process);
  process.exit = (code) => {
    if (isOfPlugin(new Error().stack)) throw new Error('it would have ended the whole program');
    return end(code);
  };
  process.on('uncaughtException', (error: unknown) => {
    const stack = error instanceof Error ? error.stack : undefined;
    if (isOfPlugin(stack)) {
      process.stderr.write(`warning: a plugin failed beside its work: ${quoted(messageOf(error), 300)}\n`);
      return;
    }
    // As Node does where nobody listens.
    process.stderr.write(`${stack ?? String(error)}\n`);
    end(1);
  });
}

function isOfPlugin(stack: string | undefined): boolean {
  return stack !== undefined && [...folders].some((folder) => stack.includes(folder));
}
