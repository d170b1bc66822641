// anyimage config explain

import { cleanText, didYouMean, ImageError, type Json, nearest } from '@anyimage/core';
import {
  configJSONSchema,
  configValue,
  editConfig,
  homeFolder,
  isInKey,
  knownServices,
  loadSettings,
  providerCheck,
  type Settings,
  setTyped,
  shownValue,
  userConfigPath,
} from '@anyimage/host';
import { onOneLine } from '../../print/error-text.ts';
import { printValue, sayConflict, sayNote } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { type Paint, paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter } from '../../print/terminal/print-table.ts';
import { columnsOf, wrapLines } from '../../print/terminal/wrap.ts';
import { translated } from '../../print/words/translated.ts';
import { pathOf } from './config-place.ts';
import { unsetKey } from './unset-key.ts';

interface Explained {
  readonly key: string;
  readonly value: Json;
  readonly from: string;
  /** What it wins over, strongest first. */
  readonly over: readonly { readonly value: Json; readonly from: string }[];
  /** What a key that is not set is for. */
  readonly about?: string;
}

interface ChangeFlags {
  /** The config of the project. */
  readonly project?: true;
  readonly json?: true;
}

/** Shows what holds and returns the exit code. Throws `not-found` for a key that is not set. */
export async function getConfig(key: string | undefined, { json }: { readonly json?: true }): Promise<number> {
  const found = select(explain(await settingsHere()), key);
  if (json) printDocument(Object.fromEntries(found.map((one) => [one.key, one.value])));
  else if (found.length === 1 && found[0]!.key === key) printValue(valueText(found[0]!.value));
  else for (const one of found) printValue(`${one.key} = ${valueText(one.value)}`);
  return 0;
}

/** Shows where each setting comes from and returns the exit code. Throws `not-found` for what is no key of a config. */
export async function explainConfig(key: string | undefined, { json }: { readonly json?: true }): Promise<number> {
  const settings = await settingsHere();
  const all = explain(settings);
  const unset = key === undefined || all.some((one) => isInKey(one.key, key)) ? undefined : unsetKey(key, settings);
  const found = unset ? [{ ...unset, from: 'default', over: [] }] : select(all, key);
  const { home, user, project } = settings;
  if (json) {
    const { path, trust, refused } = project ?? {};
    const files = { user: userConfigPath(home), ...(project && { project: { path, trust, refused } }) };
    printDocument({ settings: found, files });
    return 0;
  }
  const paint = paintFor(process.stdout);
  print(found.map((one) => explainedText(one, paint)).join('\n'));
  printFooter(translated('flags win over the environment, then the project, then your config'));
  const own = userConfigPath(home);
  sayNote(
    user
      ? translated('your config: {path}', { path: own })
      : translated('your config: {path} (not there)', { path: own }),
  );
  if (project) {
    sayNote(translated("the project's: {path} ({trust})", { path: project.path, trust: translated(project.trust) }));
  }
  return 0;
}

/** Sets a key to what was typed, be it one word or several, and returns the exit code. Throws `config`, `storage`. */
export function setConfig(key: string, typed: readonly string[], flags: ChangeFlags): Promise<number> {
  return change(key, typed.join(' '), flags);
}

/** Sets a key (or removes it) in the person's config or the project's, and returns the exit code. Throws `config`, `storage`. */
async function change(key: string, value: string | undefined, { project, json }: ChangeFlags): Promise<number> {
  // The settings are not read first: this command has to work while the config has a mistake. The providers of a project are checked
  // afterwards, together with those of the person's config, of which they may be parts.
  const checkProviders = project ? undefined : providerCheck(await knownServices(homeFolder()));
  const path = await pathOf(project ? { project } : {});
  if (value !== undefined && isModelKey(key)) {
    await checkModels(await configValue(path, key, value, checkProviders), project ?? false);
  }
  const next = value === undefined ? undefined : await setTyped(path, key, value, checkProviders);
  if (next === undefined) await editConfig(path, key, undefined, checkProviders);
  if (json) printDocument({ key, value: next === undefined ? null : shownValue(key, next), path });
  const done =
    next === undefined
      ? translated('{key} is not set any more in {path}', { key, path })
      : translated('{key} is {value} in {path}', { key, value: valueText(shownValue(key, next)), path });
  note(onOneLine(done));
  if (project) await loadSettings({ asTrusted: true, onConflict: sayConflict });
  const settings = await settingsHere();
  const holder = explain(settings).find((one) => one.key === key);
  if (holder && next !== undefined && holder.from !== path) {
    sayNote(translated('{place} sets it here, and wins', { place: holder.from }));
  }
  return 0;
}

/** Whether a key holds the model, or the models, that draw when none is named. */
function isModelKey(key: string): boolean {
  return key === 'model' || /^profiles\.[^.]+\.model$/.test(key);
}

/** Throws `not-found` for a name that means nothing where it is to be written: as `anyimage use` does. */
async function checkModels(names: Json, inProject: boolean): Promise<void> {
  const { checkModelName } = await import('./check-model.ts');
  const settings = await loadSettings(
    inProject ? { asTrusted: true, onConflict: sayConflict } : { withoutProject: true },
  );
  for (const name of [names].flat()) await checkModelName(String(name), settings);
}

/** Removes a key from the person's config or the project's, and returns the exit code. Throws `config`, `storage`. */
export function unsetConfig(key: string, flags: ChangeFlags): Promise<number> {
  return change(key, undefined, flags);
}

/** Prints the JSON Schema of config files and returns the exit code. */
export function printSchema(): number {
  printDocument(configJSONSchema());
  return 0;
}

/** The settings that hold here. A trusted project that does not fit the person's config is left out: these commands put it right. */
async function settingsHere(): Promise<Settings> {
  const settings = await loadSettings({ onConflict: sayConflict });
  for (const line of settings.notes) sayNote(line);
  return settings;
}

function explain({ layers }: Settings): Explained[] {
  const keys = [...new Set(layers.flatMap(({ values }) => [...values.keys()]))].sort();
  return keys.map((key) => {
    const found = layers.flatMap(({ values }) => values.get(key) ?? []);
    const [first, ...over] = found.map((one) => ({ ...one, value: shownValue(key, one.value) }));
    return { key, value: first!.value, from: first!.from, over };
  });
}

function select(all: readonly Explained[], key: string | undefined): readonly Explained[] {
  const found = key === undefined ? all : all.filter((one) => isInKey(one.key, key));
  if (found.length > 0) return found;
  const keys = all.map((one) => one.key);
  throw new ImageError('not-found', `${JSON.stringify(key)} is not set`, {
    hint: didYouMean(nearest(key!, keys, 1)) || `Set: ${keys.join(', ')}.`,
  });
}

function explainedText({ key, value, from, over, about }: Explained, paint: Paint): string {
  const lines = [
    value === null
      ? translated('{key} is not set', { key: paint('title', key) })
      : `${paint('title', key)} = ${cleanText(valueText(value))}  ${paint('quiet', cleanText(from))}`,
    ...(about === undefined ? [] : [paint('quiet', `  ${translated(about)}`)]),
    ...over.map((one) =>
      paint(
        'quiet',
        `  ${translated('over {value}', { value: cleanText(valueText(one.value)) })}  ${cleanText(one.from)}`,
      ),
    ),
  ];
  return wrapLines(lines.join('\n'), columnsOf(process.stdout));
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
