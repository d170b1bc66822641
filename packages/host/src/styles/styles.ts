// Named styles: words for the prompt, and what to ask of the text model. A person's own come from the configs and from
// `styles/NAME.json` in the home folder, the others ship with anyimage. Files are read when a style is named or listed.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, ImageError, nearest, type PromptStyle, sameName } from '@anyimage/core';
import type { Config } from '../config/config-schema.ts';
import type { Layer } from '../config/layer.ts';
import { isAbsent, readIfThere } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import type { Style } from './styles-check.ts';

export interface NamedStyle extends Style {
  readonly name: string;
  /** `config`: the person's; `project`: the config of the project; `home`: a file in the folder of styles. */
  readonly from: 'config' | 'project' | 'home' | 'shipped';
  /** The file of a person's own style, absolute. */
  readonly path?: string;
}

/** A file in the folder of styles that holds no style. */
export interface BrokenStyle {
  readonly name: string;
  readonly from: 'home';
  readonly path: string;
  readonly error: ImageError;
}

/** The settings that say which styles there are. */
export interface StyleSettings {
  readonly config: Config;
  readonly home: string;
  readonly layers: readonly Layer[];
}

/** The style of a name, a person's own first. Throws `config` for a mistake in its file, `storage`, `not-found`. */
export async function findStyle(name: string, settings: StyleSettings): Promise<NamedStyle> {
  const found = await styleCalled(name, settings);
  if (found) return found;
  const near = nearest(name, await styleNames(settings));
  throw new ImageError('not-found', `there is no style ${JSON.stringify(name)}`, {
    details: { nearest: near },
    hint: didYouMean(near) || 'anyimage styles lists them.',
  });
}

const labels: Readonly<Record<NamedStyle['from'], string>> = {
  config: 'a style of your config',
  project: 'a style of the project',
  home: 'a style of yours',
  shipped: 'a style of anyimage',
};

/** A style in the form that core takes; `undefined` for an unknown name, of which core tells. Throws `config`, `storage`. */
export async function promptStyle(name: string, settings: StyleSettings): Promise<PromptStyle | undefined> {
  const found = await styleCalled(name, settings);
  if (!found) return undefined;
  const { words, enhance, from } = found;
  return { words, enhance, label: labels[from], ...(from === 'shipped' && { yields: true }) };
}

/** All styles, sorted by name. Of several with one name, only the one that counts. Throws `storage` if the folder cannot be read. */
export async function listStyles(settings: StyleSettings): Promise<readonly (NamedStyle | BrokenStyle)[]> {
  const styles: (NamedStyle | BrokenStyle)[] = [];
  // One after the other: there may be few files that can be open at a time.
  for (const name of await allNames(settings)) styles.push(await styleOrError(name, settings));
  return styles;
}

/** The names of all styles, sorted. Files that hold no style count, too. Throws `storage`. */
export async function styleNames(settings: StyleSettings): Promise<string[]> {
  return (await allNames(settings)).filter(isName);
}

/** As `styleNames`, with the names of files that no style can have. */
async function allNames(settings: StyleSettings): Promise<string[]> {
  const names = [...(await ownNames(settings)), ...Object.keys(await shippedStyles())];
  return [...new Set(names)].sort();
}

/** The names of a person's own styles. Throws `storage`. */
async function ownNames(settings: StyleSettings): Promise<readonly string[]> {
  return [...Object.keys(settings.config.styles ?? {}), ...(await homeNames(stylesFolder(settings)))];
}

/** Where a person's own styles lie, one file each. */
export function stylesFolder({ home }: Pick<StyleSettings, 'home'>): string {
  return join(home, 'styles');
}

/** The style of exactly this name, else of one that is spelled otherwise: `Film Photo`. Throws `config`, `storage`. */
async function styleCalled(name: string, settings: StyleSettings): Promise<NamedStyle | undefined> {
  const exact = (await ownStyle(name, settings)) ?? (await shippedStyle(name));
  if (exact) return exact;
  const own = sameName(name, (await ownNames(settings)).filter(isName));
  if (own !== undefined) return ownStyle(own, settings);
  const shipped = sameName(name, Object.keys(await shippedStyles()));
  return shipped === undefined ? undefined : shippedStyle(shipped);
}

/** A style of the config, else of the home folder. Throws `config` for a mistake in its file, `storage`. */
async function ownStyle(name: string, settings: StyleSettings): Promise<NamedStyle | undefined> {
  const { config, layers } = settings;
  const words = config.styles && Object.hasOwn(config.styles, name) ? config.styles[name] : undefined;
  if (words === undefined) return isName(name) ? homeStyle(name, settings) : undefined;
  const layer = layers.find(({ values }) => values.has(`styles.${name}`));
  const path = layer?.values.get(`styles.${name}`)?.from;
  const from = layer?.kind === 'project' ? 'project' : 'config';
  return { name, from, ...(path !== undefined && { path }), about: words, words, enhance: words };
}

/** A style that comes with anyimage. */
async function shippedStyle(name: string): Promise<NamedStyle | undefined> {
  const shipped = await shippedStyles();
  const found = Object.hasOwn(shipped, name) ? shipped[name] : undefined;
  return found && { name, from: 'shipped', ...found };
}

async function shippedStyles(): Promise<Readonly<Record<string, Style>>> {
  return (await import('./styles.generated.ts')).shippedStyles;
}

async function homeStyle(name: string, settings: StyleSettings): Promise<NamedStyle | undefined> {
  const path = pathOf(name, settings);
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  // The schema is only needed where there is a file.
  const { parseStyle } = await import('./styles-check.ts');
  return { name, from: 'home', path, ...parseStyle(text, path) };
}

/** The names of all JSON files in a folder. A missing folder holds none. */
async function homeNames(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => /^[^.].*\.json$/s.test(file)).map((file) => file.slice(0, -'.json'.length));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw storageError(error, `read ${folder}`, folder);
  }
}

async function styleOrError(name: string, settings: StyleSettings): Promise<NamedStyle | BrokenStyle> {
  const path = pathOf(name, settings);
  try {
    if (isName(name)) return await findStyle(name, settings);
    const message = `${path}: names of styles are letters, digits, - and _`;
    throw new ImageError('config', message, { details: { path }, hint: 'Rename the file.' });
  } catch (error) {
    if (ImageError.isInstance(error)) return { name, from: 'home', path, error };
    throw error;
  }
}

function pathOf(name: string, settings: StyleSettings): string {
  return join(stylesFolder(settings), `${name}.json`);
}

/** Whether a name is one word and no path. The same rule as for names in a config. */
function isName(name: string): boolean {
  return /^[A-Za-z0-9][\w-]*$/.test(name);
}
