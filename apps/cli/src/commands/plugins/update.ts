// anyimage plugins update

import { cleanText, ImageError } from '@anyimage/core';
import {
  type FetchedPlugin,
  fetchAgain,
  findPlugin,
  type PluginEntry,
  pluginProblem,
  readPluginList,
} from '@anyimage/host';
import { fetchedText } from '../../print/packages/plugin-text.ts';
import { sayError } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { atPluginDesk, type PluginDesk } from '../../session/plugin-desk.ts';

interface UpdateFlags {
  readonly yes?: true;
  readonly json?: true;
}

/** What became of one plugin. */
interface Updated {
  readonly id: string;
  readonly package: string;
  readonly before: string;
  /** Absent: it could not be fetched, or was refused. */
  readonly version?: string;
  readonly updated: boolean;
  readonly error?: ImageError;
}

/**
 * Fetches plugins again, one after the other, and puts each in place of the one before: after a yes if it wants more than that one. Returns
 * the exit code: 2 if one could not be updated. Throws `not-found`, `config`, `storage`.
 */
export async function updatePlugins(id: string | undefined, flags: UpdateFlags): Promise<number> {
  return atPluginDesk(async (desk) => {
    const { home, signal } = desk.options;
    const chosen = id === undefined ? (await readPluginList(home)).plugins : [await findPlugin(id, home)];
    const all: Updated[] = [];
    for (const entry of chosen) {
      const facts = { id: entry.manifest.provider.id, package: entry.package, before: entry.version };
      try {
        all.push({ ...facts, ...(await updateOne(entry, desk, flags)) });
      } catch (error) {
        signal?.throwIfAborted();
        if (!ImageError.isInstance(error)) throw error;
        sayError(error);
        all.push({ ...facts, updated: false, error });
      }
    }
    if (flags.json)
      printDocument({ plugins: all.map(({ error, ...one }) => ({ ...one, ...(error && { error: error.toJSON() }) })) });
    else if (chosen.length === 0) note(translated('no plugin is installed'));
    return all.some(({ error }) => error) ? 2 : 0;
  });
}

async function updateOne(
  entry: PluginEntry,
  { options, showing }: PluginDesk,
  flags: UpdateFlags,
): Promise<Pick<Updated, 'version' | 'updated'>> {
  const { id } = entry.manifest.provider;
  const fetched = await showing(translated('fetching {what}', { what: entry.from }), () => fetchAgain(entry, options));
  const { version, integrity } = fetched.facts;
  try {
    if (integrity === entry.integrity && !(await pluginProblem(entry, options.home))) {
      if (!flags.json)
        note(
          translated('{plugin} {version} is what there is at {place}', {
            plugin: id,
            version,
            place: cleanText(entry.from),
          }),
        );
      return { version, updated: false };
    }
    note(fetchedText(fetched, paintFor(process.stderr)));
    await agree(fetched, entry, flags);
    options.signal?.throwIfAborted();
    await fetched.install();
    if (!flags.json)
      note(
        translated('{plugin} {version} is installed in place of {old}', { plugin: id, version, old: entry.version }),
      );
    return { version, updated: true };
  } finally {
    await fetched.discard();
  }
}

/** Asks where more would be sent than before, or to others. Throws `invalid-request` without a yes. */
async function agree({ facts: { manifest } }: FetchedPlugin, before: PluginEntry, { yes }: UpdateFlags): Promise<void> {
  const { id } = before.manifest.provider;
  const wants = newWishes(before, manifest);
  if (yes || wants.length === 0) return;
  if (canAsk() && (await askYes(translated('It is new that it wants {what}. Install it?', { what: wants.join(', ') }))))
    return;
  throw new ImageError('invalid-request', `${id} stays as it is: the other wants ${wants.join(', ')}`, {
    hint: `anyimage plugins update ${id} --yes lets it.`,
  });
}

function newWishes({ manifest: before }: PluginEntry, after: PluginEntry['manifest']): readonly string[] {
  const keys = before.provider.keys.map(({ env }) => env);
  return [
    ...(after.provider.id === before.provider.id ? [] : [`the name ${after.provider.id}`]),
    ...after.hosts.filter((host) => !before.hosts.includes(host)).map((host) => `pictures and keys for ${host}`),
    ...after.provider.keys.flatMap(({ env }) => (keys.includes(env) ? [] : [`the key in ${env}`])),
  ];
}
