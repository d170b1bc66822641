// anyimage "a paper boat at dawn"

import { ImageError } from '@anyimage/core';
import { examplesText } from '../../print/help-text.ts';
import { note } from '../../print/terminal/output.ts';
import { translated } from '../../print/words/translated.ts';
import type { MakeFlags } from '../../request/flags.ts';
import type { Resolved } from '../../request/resolve.ts';
import { spelledOut } from '../../request/spelled-out.ts';
import { isPiped, isStdin, type OnSilence, readPromptOn, stdinName } from '../../request/stdin.ts';
import { resolveAsking } from '../../session/catalogues.ts';
import { saySilence } from '../../session/find-inputs.ts';
import { makePictures } from '../../session/make-pictures.ts';
import { readSettings } from '../../session/settings.ts';

/** Makes pictures and returns the exit code. Throws only what is a defect of ours. */
export async function make(typed: readonly string[], flags: MakeFlags): Promise<number> {
  if (typed.length > 0 || Object.keys(flags).length > 0) return draw(typed, flags);
  // Nothing was asked: what could be.
  const prompt = isPiped() ? await readPromptOn(process.stdin, saySilence) : '';
  return prompt === '' ? showExamples() : draw([prompt], flags);
}

/** As `make`, of words or flags that ask for something. */
export function draw(typed: readonly string[], given: MakeFlags): Promise<number> {
  return makePictures(typed.join(' '), given, async () => {
    const flags = spelledOut(given);
    const settings = await readSettings();
    const resolved = await resolveAsking(flags, settings);
    return { prompt: await promptOf(typed, resolved), settings, ...resolved };
  });
}

/**
 * What was typed as one prompt; a lone `-` stands for what comes on stdin. So does nothing at all, where something is piped in that is
 * no picture and the model needs a prompt. Throws `invalid-request` where stdin would be two things, and as `readPromptOn`.
 */
export async function promptOf(
  typed: readonly string[],
  { words, limits }: Pick<Resolved, 'words' | 'limits'>,
  stdin = process.stdin,
  onSilence: OnSilence = saySilence,
): Promise<string> {
  const hasPicture = [...(words.images ?? []), words.mask].some(isStdin);
  const isDash = typed.length === 1 && typed[0] === stdinName;
  if (isDash && hasPicture) {
    throw new ImageError('invalid-request', 'stdin cannot be the prompt and a picture', {
      details: { option: 'images', asked: stdinName },
      hint: 'Write the prompt in quotation marks, or give the picture as a file.',
    });
  }
  if (isDash) return readPromptOn(stdin, onSilence);
  const isOpen = typed.length === 0 && !hasPicture && !limits?.prompt?.optional;
  return isOpen && isPiped() ? readPromptOn(stdin, onSilence) : typed.join(' ');
}

function showExamples(): number {
  const [first, last] = [
    translated('anyimage makes pictures from words.'),
    translated('anyimage --help shows all there is.'),
  ];
  note(`${first} ${examplesText()}\n\n${last}`);
  return 2;
}
