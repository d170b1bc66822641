// The prompt of an earlier picture, sent as it was then: with the words that its style had, and as the text model wrote it.

import type { PromptSettings } from '@anyimage/core';
import type { Sidecar } from '@anyimage/host';
import { type MakeFlags, preferenceOf } from './flags.ts';

/** How a prompt became what was sent, as far as a sidecar tells. The settings decide the rest. */
export interface RecordedPrompt {
  /** Without words it was a style of the model's own. */
  readonly style?: { readonly name: string; readonly words?: string };
  /** What the text model wrote, a step each: translated, enhanced. */
  readonly written?: readonly string[];
  /** The style that `enhance` named. */
  readonly wish?: string;
}

/** The part of a record that still holds: the flags may ask for another style, another model, or a new text. */
export function recordedPrompt({ prompt, request, applied }: Sidecar, flags: MakeFlags): RecordedPrompt {
  const { style, enhance } = request ?? {};
  const steps = (applied ?? []).filter(({ option }) => option === 'prompt').map(({ sent }) => String(sent));
  const named = typeof style === 'string';
  // The sidecar of a resumed ticket knows what was sent, and not by which steps.
  const written = steps.length === 0 && !named && prompt.sent !== prompt.original ? [prompt.sent] : steps;
  const ending = endingOf(prompt.sent, written.at(-1) ?? prompt.original);
  if (!ending) return {};
  const isOther = flags.model !== undefined || preferenceOf(flags) !== undefined;
  const asksAnew = isOther || flags.enhance !== undefined || flags.translate !== undefined;
  return {
    ...(named && flags.style === undefined && { style: { name: style, ...ending } }),
    ...(!asksAnew && { written, ...(typeof enhance === 'string' && { wish: enhance }) }),
  };
}

/** The words that core put behind a prompt, if any; `undefined` if `sent` does not begin with it. */
function endingOf(sent: string, prompt: string): { readonly words?: string } | undefined {
  if (sent === prompt) return {};
  const start = prompt.replace(/[\s,，]+$/, '');
  const [, words] = (sent.startsWith(start) && /^,? (.*)$/s.exec(sent.slice(start.length))) || [];
  return words === undefined ? undefined : { words };
}

/** The settings by which the prompt becomes again what it was. */
export function asRecorded(prompts: PromptSettings, { style, written, wish }: RecordedPrompt): PromptSettings {
  const { styles } = prompts;
  return {
    ...prompts,
    styles: {
      ...styles,
      find(name) {
        if (name === style?.name) return style.words === undefined ? undefined : { words: style.words, label };
        return name === wish ? { words: wish } : styles?.find(name);
      },
    },
    ...(written && { cache: recordedTexts(written) }),
  };
}

const label = 'a style as the record of the picture has it';

/** A cache that answers with what was written then, in the same order. It refuses any further question, so that no service is asked. */
function recordedTexts(written: readonly string[]): NonNullable<PromptSettings['cache']> {
  const left = [...written];
  return {
    async get() {
      const text = left.shift();
      if (text === undefined)
        throw new Error('as it was for the picture that is made again; --translate auto or --enhance asks anew');
      return text;
    },
    async set() {},
  };
}
