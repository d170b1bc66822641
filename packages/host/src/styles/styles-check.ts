// Checking a style that a person wrote: what is wrong, and in which line. Loaded when there is one.

import * as z from 'zod';
import { meant, refused } from '../config/config-refusal.ts';
import { parseWritten } from '../config/written-json.ts';
import { lineOf } from '../text/json-lines.ts';

/** What a name stands for. */
export interface Style {
  /** For people, one line. */
  readonly about: string;
  /** Added to the prompt. */
  readonly words: string;
  /** What the text model is asked for. */
  readonly enhance: string;
}

const text = z.string('must be text').trim().min(1, 'must not be empty');

const styleSchema = z.strictObject(
  { about: text.optional(), words: text, enhance: text.optional() },
  'must be an object such as { "words": "ink on paper, few lines" }',
);

const keys = Object.keys(styleSchema.shape);

/**
 * The style that a file holds; `about` and `enhance` default to its `words`. Throws `config`: file, line, what is wrong, and
 * what to do.
 */
export function parseStyle(text: string, path: string): Style {
  const value = parseWritten(text, path);
  const parsed = styleSchema.safeParse(value);
  if (!parsed.success) {
    const { issues } = parsed.error;
    // A misspelt key is also a missing one; that it is misspelt says more.
    const misspelt = issues.find(({ code }) => code === 'unrecognized_keys');
    const { at, message, hint } = explain(misspelt ?? issues[0]!, value);
    throw refused(`${path}:${lineOf(text, at)}: ${message}`, path, hint);
  }
  const { words, about = words, enhance = words } = parsed.data;
  return { about, words, enhance };
}

type Mistake = { readonly at: readonly PropertyKey[]; readonly message: string; readonly hint: string };

function explain(issue: z.core.$ZodIssue, value: unknown): Mistake {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return { at: [key], message: `unknown key ${JSON.stringify(key)}`, hint: meant(key, keys) };
  }
  const [key] = issue.path;
  if (key === undefined) return { at: [], message: `a style ${issue.message}`, hint: 'Correct the file.' };
  const isMissing = !Object.hasOwn(value as object, key);
  return {
    at: [key],
    message: `${String(key)} ${isMissing ? 'is missing: it ' : ''}${issue.message}`,
    hint: isMissing ? 'Set it, too.' : 'Correct it.',
  };
}
