// anyimage trust

import { ImageError, type Json } from '@anyimage/core';
import { clean, flatten, loadSettings, type Project, type Settings, setTrust } from '@anyimage/host';
import { askYes, canAsk } from '../ask.ts';
import { note, print, printDocument } from '../print/output.ts';
import { paintFor } from '../print/paint.ts';

interface TrustFlags {
  readonly yes?: true;
  readonly remove?: true;
  readonly json?: true;
}

interface Change {
  readonly key: string;
  readonly now: Json;
  readonly wanted: Json;
}

/**
 * Shows what a project's config would change, and notes that it is trusted as it is now after a yes. Returns the exit code:
 * 2 if a yes is missing. Throws `not-found`, `config`, `storage`.
 */
export async function trust(folder: string, flags: TrustFlags): Promise<number> {
  const settings = await loadSettings({ folder });
  const { project, home } = settings;
  if (!project) {
    throw new ImageError('not-found', 'there is no anyimage.json in this project', {
      hint: 'It is looked for in the folder and those above, up to the one with .git.',
    });
  }
  const { path, hash } = project;
  if (flags.remove) {
    await setTrust(home, path, undefined);
    note(`${path} is not trusted any more`);
    return 0;
  }
  const changes = changesOf(project, settings);
  const trusted = project.trust === 'trusted' || changes.length === 0 || (await agreed(project, changes, flags));
  if (trusted && project.trust !== 'trusted' && changes.length > 0) await setTrust(home, path, hash);
  if (flags.json) printDocument({ path, trusted, changes });
  else note(verdict(project, changes, trusted));
  return trusted ? 0 : 2;
}

async function agreed({ path }: Project, changes: readonly Change[], { yes, json }: TrustFlags): Promise<boolean> {
  if (!json) {
    const paint = paintFor(process.stdout);
    print(paint('title', `${path} would change:`));
    for (const { key, now, wanted } of changes)
      print(clean(`  ${key}: ${JSON.stringify(now)} -> ${JSON.stringify(wanted)}`));
  }
  if (yes) return true;
  return canAsk() && (await askYes('Keys may be sent where it says. Trust it?'));
}

function changesOf({ config, refused }: Project, { layers }: Settings): Change[] {
  const values = flatten(config);
  return refused.map((key) => {
    const now = layers.map((layer) => layer.values.get(key)?.value).find((value) => value !== undefined);
    return { key, now: now ?? null, wanted: values.get(key) ?? null };
  });
}

function verdict({ path, trust: state }: Project, changes: readonly Change[], trusted: boolean): string {
  if (state === 'trusted') return `${path} is trusted already`;
  if (changes.length === 0) return `${path} sets nothing that needs trust`;
  return trusted
    ? `${path} is trusted as it is now`
    : 'nothing was changed; anyimage trust --yes trusts it as it is now';
}
