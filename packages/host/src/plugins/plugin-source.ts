// What a person names to get a plugin: a folder, a tarball, or a package of the registry.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImageError } from '@anyimage/core';
import { expandHome } from '../files/home.ts';
import { exists, isAbsent } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { shellWord } from '../text/shell-word.ts';

/** Where a plugin comes from. */
export interface PluginSource {
  readonly kind: 'folder' | 'tarball' | 'package';
  /** An absolute path, or what npm is asked for. What is kept, so that an update asks for the same. */
  readonly from: string;
}

/**
 * Reads what a person wrote. `folder`: what paths are relative to. Throws `invalid-request` for what is neither, or may be both;
 * `not-found` for a path that leads to nothing; `storage`.
 */
export async function findSource(spec: string, folder: string): Promise<PluginSource> {
  const word = spec.trim();
  if (isPath(word)) return pathSource(resolve(folder, pathOf(word)));
  if (/^https:\/\/\S+$/i.test(word)) return { kind: 'package', from: word };
  const name = word.replace(/^npm:/, '');
  if (!packageSpec.test(name)) {
    throw new ImageError('invalid-request', `${JSON.stringify(spec)} is neither a package nor a path`, {
      hint: 'Give a package (its name, and @VERSION if you like), a folder (./it) or a tarball (./it-1.0.0.tgz).',
    });
  }
  if (name === word && (await exists(resolve(folder, name)))) {
    throw new ImageError('invalid-request', `${name} may be the package of that name, or what lies here`, {
      hint: `Write ${shellWord(`./${name}`)} for what lies here, npm:${name} for the package.`,
    });
  }
  return { kind: 'package', from: name };
}

/** A name as npm allows it, with a scope or not, then perhaps a version, a range or a tag. No path, no URL, no repository. */
const packageSpec = /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*(?:@[\w.~^<>=|*+ -]+)?$/i;

/** What has a slash and is no package of a scope is a path, not a repository at GitHub as npm would take it. */
function isPath(word: string): boolean {
  if (/^(?:file:|[a-z]:[\\/]|[./\\]|~[\\/])/i.test(word) || word === '~') return true;
  if (/^[a-z][a-z0-9+.-]*:/i.test(word)) return false;
  return /\.(?:tgz|tar|tar\.gz)$/i.test(word) || (/[\\/]/.test(word) && !word.startsWith('@'));
}

function pathOf(word: string): string {
  if (/^file:\/\//i.test(word)) return fileURLToPath(word);
  return expandHome(word.replace(/^file:/i, ''));
}

async function pathSource(path: string): Promise<PluginSource> {
  try {
    const found = await stat(path);
    return { kind: found.isDirectory() ? 'folder' : 'tarball', from: path };
  } catch (error) {
    if (!isAbsent(error)) throw storageError(error, `read ${path}`, path);
    throw new ImageError('not-found', `there is nothing at ${path}`, {
      hint: 'A folder or a tarball is given by its path, a package by its name alone.',
    });
  }
}
