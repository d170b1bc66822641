// anyimage config edit

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ImageError, messageOf } from '@anyimage/core';
import { knownServices, loadSettings, providerCheck, replaceConfig } from '@anyimage/host';
import { sayError, sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { checkModelName } from './check-model.ts';
import { type ConfigPlace, placeOf } from './config-place.ts';

/**
 * Opens a copy of the person's config, or the project's, in their editor, and takes it over once it is right; else the old one stays, and the
 * copy is kept. Returns the exit code. Throws `invalid-request` without an editor, `config`, `storage`.
 */
export async function editInEditor(flags: { readonly project?: true }): Promise<number> {
  const place = await placeOf(flags);
  const editor = editorOf(process.env);
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-config-'));
  const copy = join(folder, basename(place.path));
  const before = place.text ?? '{\n}\n';
  await writeFile(copy, before, { mode: 0o600 });
  const code = await editUntilRight(editor, copy, { ...place, before });
  if (code === 0) await rm(folder, { recursive: true });
  return code;
}

async function editUntilRight(editor: string, copy: string, place: ConfigPlace & { before: string }): Promise<number> {
  const { path, text: old, before, isProject } = place;
  for (;;) {
    await open(editor, copy);
    const text = await readFile(copy, 'utf8');
    if (text === before) {
      note(translated('{path} is as it was', { path }));
      return 0;
    }
    try {
      const checkProviders = isProject ? undefined : providerCheck(await knownServices(place.home));
      await replaceConfig(path, old, text, checkProviders);
      note(translated('{path} is written', { path }));
      if (!isProject) await warnOfModels();
      return 0;
    } catch (error) {
      if (!ImageError.isInstance(error)) throw error;
      // What is wrong stands in the copy.
      sayError(inCopy(error, path, copy));
      let again = false;
      try {
        again = canAsk() && (await askYes(translated('Edit it again?')));
      } finally {
        if (!again) note(translated('{path} is as it was; what you wrote is in {copy}', { path, copy }));
      }
      if (!again) return 2;
    }
  }
}

function inCopy({ code, message, hint }: ImageError, path: string, copy: string): ImageError {
  return new ImageError(code, message.replaceAll(path, copy), { ...(hint && { hint }) });
}

/** A config may name a model that is not there yet: that is told, and kept. */
async function warnOfModels(): Promise<void> {
  try {
    const settings = await loadSettings({ withoutProject: true });
    for (const name of [settings.model].flat()) await checkModelName(name, settings);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    sayWarning([error.message, error.hint].filter(Boolean).join('. '));
  }
}

/** As git and others choose it. */
function editorOf({ VISUAL, EDITOR }: NodeJS.ProcessEnv): string {
  const editor = VISUAL?.trim() || EDITOR?.trim();
  if (editor) return editor;
  if (canAsk()) return process.platform === 'win32' ? 'notepad' : 'vi';
  throw new ImageError('invalid-request', 'there is no editor: EDITOR is not set, and this is no terminal', {
    hint: 'Set EDITOR, or use anyimage config set KEY VALUE; anyimage config path says where the file is.',
  });
}

/** Resolves when the editor is closed. It may have words of its own: `code --wait`. */
async function open(editor: string, file: string): Promise<void> {
  const isWindows = process.platform === 'win32';
  const child = isWindows
    ? spawn(`${editor} "${file}"`, { stdio: 'inherit', shell: true })
    : spawn('/bin/sh', ['-c', `${editor} "$1"`, editor, file], { stdio: ['inherit', 2, 2] });
  const failure = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(messageOf(error)));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : `it ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  if (failure === undefined) return;
  throw new ImageError('invalid-request', `the editor ${editor} did not work: ${failure}; nothing was changed`, {
    hint: `Set EDITOR to another; what you wrote, if anything, is in ${file}.`,
  });
}
