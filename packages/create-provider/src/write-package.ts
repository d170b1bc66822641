// From answers to files: the templates are a package of a service that does not exist, whose names are replaced.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answers, constant, Slip } from './answers.ts';

const templates = fileURLToPath(new URL('../templates', import.meta.url));

/** Files that npm would leave out of a package, or take for the manifest of one. */
const renamed: Readonly<Record<string, string>> = { _gitignore: '.gitignore', '_package.json': 'package.json' };

/** Words that no variable may be called. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** A package that was written. */
export interface Written {
  /** The files, as paths below the folder. */
  readonly files: readonly string[];
  /** Takes away all that is there now and was not before, the folder too if it is new. */
  remove(): Promise<void>;
}

/**
 * Writes the package. `versions`: of each package that it needs. Throws a {@link Slip} if something is there already, and then writes
 * nothing.
 */
export async function writePackage(answers: Answers, versions: Readonly<Record<string, string>>): Promise<Written> {
  const { folder } = answers;
  const before = await entriesOf(folder);
  if (before.some((name) => name !== '.git')) {
    throw new Slip(`${folder} is there and not empty. Nothing was written: name another folder.`);
  }
  const texts = await fill(answers, versions);
  const made = await mkdir(folder, { recursive: true });
  async function remove(): Promise<void> {
    const fresh = made ? [made] : (await entriesOf(folder)).filter((name) => !before.includes(name));
    await Promise.all(fresh.map((name) => rm(join(made ? '' : folder, name), { recursive: true, maxRetries: 5 })));
  }
  try {
    for (const [path, text] of texts) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      // What came there meanwhile is not overwritten.
      await writeFile(join(folder, path), text, { flag: 'wx' });
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { files: [...texts.keys()], remove };
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw new Slip(`${folder} is no folder, or below what is none. Nothing was written.`);
    throw error;
  }
}

/** Every file of the package, by its path. */
async function fill(answers: Answers, versions: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const sources = [...(await filesIn('shared')), ...(await filesIn(answers.mode))];
  const programs = sources.flatMap(([path, text]) => (path.endsWith('.ts') ? [text] : []));
  const variable = variableFor(answers.id, programs);
  const replace = replacing(answers, variable);
  return new Map(
    sources.map(([path, text]) => {
      const own = replace(text);
      return [renamed[path] ?? path, path === '_package.json' ? withVersions(own, versions) : own];
    }),
  );
}

async function filesIn(template: string): Promise<(readonly [path: string, text: string])[]> {
  const top = join(templates, template);
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths
      .sort()
      .map(async (path) => [path.slice(top.length + 1).replaceAll('\\', '/'), await readFile(path, 'utf8')] as const),
  );
}

/** What stands for the names of the service that does not exist; all at once, so that no answer is taken for one of them. */
function replacing({ packageName, id, label, baseURL, keyEnv }: Answers, variable: string): (text: string) => string {
  const path = new URL(baseURL).pathname.replace(/\/$/, '');
  const names: Readonly<Record<string, string>> = {
    'anyimage-provider-paint-box': packageName,
    'https://api.paint-box.example/v1': baseURL,
    // Paths of tests and of the emulator.
    "'/v1": `'${path}`,
    '2026-11-20': new Date().toISOString().slice(0, 10),
    PAINT_BOX_API_KEY: keyEnv,
    PAINT_BOX: constant(id),
    'paint-box': id,
    paintBox: variable,
    'Paint Box': label,
  };
  const any = new RegExp(Object.keys(names).join('|'), 'g');
  return (text) => text.replace(any, (name) => names[name]!);
}

/** `paint-box` is `paintBox`: the name of the factory, which must not be that of something else in the files. */
function variableFor(id: string, programs: readonly string[]): string {
  const variable = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const code = programs.map((text) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'/g, ''));
  const isTaken = reserved.has(variable) || code.some((text) => new RegExp(`\\b${variable}\\b`).test(text));
  return isTaken ? `${variable}Provider` : variable;
}

/** `*` stands for the version that this package was made with, and what is compatible with it. */
function withVersions(manifest: string, versions: Readonly<Record<string, string>>): string {
  return manifest.replace(/"([^"]+)": "\*"/g, (_, name: string) => {
    const version = versions[name] ?? '*';
    return `"${name}": "${/^\d/.test(version) ? `^${version}` : version}"`;
  });
}
