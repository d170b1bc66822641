// anyimage "a paper boat at dawn"

import { text } from 'node:stream/consumers';
import type { MakeFlags } from '../../request/flags.ts';
import { resolveAsking } from '../../session/catalogues.ts';
import { makePictures } from '../../session/make-pictures.ts';
import { readSettings } from '../../session/settings.ts';

/** Makes pictures and returns the exit code. Throws only what is a defect of ours. */
export async function make(typed: readonly string[], flags: MakeFlags): Promise<number> {
  const prompt = await readPrompt(typed);
  return makePictures(prompt, flags, async () => {
    const settings = await readSettings();
    return { prompt, settings, ...(await resolveAsking(flags, settings)) };
  });
}

/** What was typed as one prompt; a lone `-` stands for what comes on stdin, without its last line break. */
export async function readPrompt(
  typed: readonly string[],
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<string> {
  if (typed.length === 1 && typed[0] === '-') return (await text(stdin)).replace(/\r?\n$/, '');
  return typed.join(' ');
}
