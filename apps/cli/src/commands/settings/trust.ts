// anyimage trust

import { stat } from 'node:fs/promises';
import { cleanText, ImageError, type Json } from '@anyimage/core';
import { flatten, loadSettings, type Project, partsOfKey, type Settings, setTrust, shownValue } from '@anyimage/host';
import { onOneLine } from '../../print/error-text.ts';
import { sayConflict } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { columnsOf, wrapLines } from '../../print/terminal/wrap.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';

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

/** A key that would go to another place than now: the variables that it may stand in, and the place. */
interface SentKey {
  readonly provider: string;
  readonly variables: readonly string[];
  readonly to: string;
}

/** What a project's config would change, and the hash that it would be trusted by. */
interface Demand {
  readonly hash: string;
  readonly changes: readonly Change[];
  readonly sentKeys: readonly SentKey[];
}

/**
 * Shows what a project's config would change and where keys would go. After a yes it notes that the config is trusted as it is
 * now. Returns the exit code: 2 without a yes. Throws `not-found`, `storage`, and `config`, also if the project's config does not
 * fit the person's.
 */
export async function trust(folder: string, flags: TrustFlags): Promise<number> {
  await refuseMissing(folder);
  const settings = await loadSettings({ folder, onConflict: flags.remove ? () => {} : sayConflict });
  const { home } = settings;
  const project = found(settings);
  if (flags.remove) {
    await setTrust(home, project.path, undefined);
    if (flags.json) printDocument({ path: project.path, trusted: false, changes: [], sentKeys: [] });
    note(translated('{path} is not trusted any more', { path: onOneLine(project.path) }));
    return 0;
  }
  const demand = await demandOf(project, folder, settings);
  const { hash, changes, sentKeys } = demand;
  const trusted = changes.length === 0 || (await agreed(project, demand, flags));
  if (trusted && changes.length > 0) await setTrust(home, project.path, hash);
  if (flags.json) printDocument({ path: project.path, trusted, changes, sentKeys });
  else note(verdict(project, changes, trusted));
  return trusted ? 0 : 2;
}

/** A project above a folder that is not there is not what was meant. */
async function refuseMissing(folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return;
  throw new ImageError('not-found', `there is no folder ${onOneLine(folder)}`, {
    details: { asked: folder },
    hint: 'Give the folder of a project, or nothing for the current one.',
  });
}

function wrapped(text: string): string {
  return wrapLines(text, columnsOf(process.stdout));
}

function found({ project }: Settings): Project {
  if (project) return project;
  throw new ImageError('not-found', 'there is no anyimage.json in this project', {
    hint: 'It is looked for in the folder and those above, up to the one with .git.',
  });
}

async function demandOf({ trust: state, hash }: Project, folder: string, before: Settings): Promise<Demand> {
  if (state === 'trusted') return { hash, changes: [], sentKeys: [] };
  const after = await loadSettings({ folder, asTrusted: true });
  const project = found(after);
  const { refused, hash: seen } = found(before);
  if (seen !== project.hash) {
    throw new ImageError('config', `${onOneLine(project.path)} is being changed`, {
      hint: 'Look at it, and run anyimage trust again when nothing writes to it any more.',
    });
  }
  return { hash: project.hash, changes: changesOf(refused, before, after), sentKeys: sentKeysOf(before, after) };
}

async function agreed({ path }: Project, demand: Demand, { yes, json }: TrustFlags): Promise<boolean> {
  if (!json) {
    const paint = paintFor(process.stdout);
    print(wrapped(paint('title', translated('{path} would change:', { path: onOneLine(path) }))));
    for (const { key, now, wanted } of demand.changes)
      print(wrapped(cleanText(`  ${key}: ${valueText(now)} -> ${valueText(wanted)}`)));
    for (const { key } of demand.changes.filter(isPriced))
      print(
        wrapped(
          `  ${paint('warning', cleanText(translated('the prices of {model} would be what it says, for your budget, too', { model: partsOfKey(key)[1] ?? '' })))}`,
        ),
      );
    for (const { variables, to } of demand.sentKeys)
      print(
        wrapped(
          `  ${paint('warning', cleanText(translated('the key in {variables} would be sent to {place}', { variables: variables.join(translated(' or ')), place: to })))}`,
        ),
      );
  }
  if (yes) return true;
  return canAsk() && (await askYes(translated('Keys may be sent where it says. Trust it?')));
}

/** Whether a model would have other prices than now: its row says some, or takes those of another one. */
function isPriced({ key }: Change): boolean {
  return partsOfKey(key)[0] === 'models';
}

/** The keys that need trust, and those that would not hold any more. */
function changesOf(refused: readonly string[], before: Settings, after: Settings): Change[] {
  const wanted = flatten(after.config);
  const gone = [...flatten(before.config).keys()].filter((key) => !wanted.has(key));
  return [...refused, ...gone].map((key) => {
    const now = before.layers.map((layer) => layer.values.get(key)?.value).find((value) => value !== undefined);
    return { key, now: shownValue(key, now ?? null), wanted: shownValue(key, wanted.get(key) ?? null) };
  });
}

function sentKeysOf(before: Settings, after: Settings): SentKey[] {
  const known = new Set(keysOf(before).map((one) => JSON.stringify(one)));
  return keysOf(after).filter((one) => one.variables.length > 0 && !known.has(JSON.stringify(one)));
}

/** Where each key would go by the configs. A base URL of the environment does not count: it may be gone tomorrow. */
function keysOf({ providers, config }: Settings): SentKey[] {
  return providers.map(({ definition: { id, keys, regions } }) => {
    const { baseURL, region } = config.providers?.[id] ?? {};
    const fitting = keys.filter((key) => !key.region || !region || key.region === region);
    const to = baseURL ?? regions[region ?? Object.keys(regions)[0]!]?.baseURL ?? '';
    return { provider: id, variables: fitting.map(({ env }) => env), to: asReached(to) };
  });
}

function valueText(value: Json): string {
  return JSON.stringify(typeof value === 'string' ? asReached(value) : value);
}

/** A URL in its ASCII form: a host name in other letters may look like another host. */
function asReached(text: string): string {
  const url = URL.parse(text);
  const isSame = url === null || !/^https?:$/.test(url.protocol) || url.href === `${text}/`;
  return isSame ? text : url.href;
}

function verdict(project: Project, changes: readonly Change[], trusted: boolean): string {
  const path = onOneLine(project.path);
  if (project.trust === 'trusted') return translated('{path} is trusted already', { path });
  if (changes.length === 0) return translated('{path} sets nothing that needs trust', { path });
  return trusted
    ? translated('{path} is trusted as it is now', { path })
    : translated('nothing was changed; anyimage trust --yes trusts it as it is now');
}
