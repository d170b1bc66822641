// anyimage plugins add anyimage-provider-bfl

import { ImageError } from '@anyimage/core';
import { currentFolder, type FetchedPlugin, fetchPlugin, findSource } from '@anyimage/host';
import { factsDocument } from '../../print/packages/plugin-document.ts';
import { fetchedText } from '../../print/packages/plugin-text.ts';
import { sayNote } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { atPluginDesk } from '../../session/plugin-desk.ts';

interface AddFlags {
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Fetches a plugin, shows what it is and what it gets, and installs it after a yes. Returns the exit code: 2 without a yes. Throws what
 * `fetchPlugin` throws, and `invalid-request` before anything is fetched where nobody can be asked.
 */
export async function addPlugin(spec: string, { yes, json }: AddFlags): Promise<number> {
  if (!yes && !canAsk()) {
    // What is not there needs no yes.
    await findSource(spec, currentFolder());
    throw nobodyToAsk();
  }
  return atPluginDesk(async ({ options, showing }) => {
    const fetched = await showing(translated('fetching {what}', { what: spec }), () => fetchPlugin(spec, options));
    try {
      note(fetchedText(fetched, paintFor(process.stderr)));
      const agreed = yes ?? (await askYes(translated('It is code that runs with all your rights. Install it?')));
      options.signal?.throwIfAborted();
      if (agreed) await fetched.install();
      if (json) printDocument({ added: agreed, plugin: factsDocument(fetched.facts) });
      else if (agreed) sayAdded(fetched);
      else note(translated('nothing was installed'));
      return agreed ? 0 : 2;
    } finally {
      await fetched.discard();
    }
  });
}

function nobodyToAsk(): ImageError {
  return new ImageError('invalid-request', 'a plugin is installed after a yes, and there is no terminal to ask at', {
    hint: '--yes says it beforehand.',
  });
}

function sayAdded({ facts, before }: FetchedPlugin): void {
  const { id, keys } = facts.manifest.provider;
  const { version } = facts;
  note(
    before
      ? translated('{plugin} {version} is installed in place of {old}', { plugin: id, version, old: before.version })
      : translated('{plugin} {version} is installed', { plugin: id, version }),
  );
  sayNote(
    keys.length > 0
      ? translated('anyimage keys set {plugin} stores its key; anyimage models {plugin} lists what it draws with', {
          plugin: id,
        })
      : translated('anyimage models {plugin} lists what it draws with', { plugin: id }),
  );
}
