// anyimage "a paper boat at dawn"

import type { MakeFlags } from '../../request/flags.ts';
import { readPrompt } from '../../request/prompt.ts';
import { resolveRequest } from '../../request/resolve.ts';
import { runWish } from '../../session/run-request.ts';
import { readSettings } from '../../session/settings.ts';

/** Makes pictures and returns the exit code. Throws only what is a defect of ours. */
export async function make(words: readonly string[], flags: MakeFlags): Promise<number> {
  const prompt = await readPrompt(words);
  return runWish(prompt, flags, async () => {
    const settings = await readSettings();
    return { settings, request: resolveRequest(prompt, flags, settings) };
  });
}
