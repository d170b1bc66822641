import { isKeyPlaceholder, type KeyShape, type ProviderDefinition } from '@anyimage/core';

/**
 * What is wrong with the look of a key, such as quotation marks that were copied with it; `undefined` if nothing is. A key that
 * passes may still be wrong. The text never holds the key.
 */
export function keyProblem(key: string): string | undefined {
  if (key.trim() === '') return 'it is empty';
  if (isKeyPlaceholder(key)) return 'it is a placeholder';
  if (key !== key.trim()) return 'it begins or ends with a space or line break';
  if (/^(?:export\s+|set\s+|\$env:)?\w*(?:key|token|secret)\w*\s*=\s*[^\s=]/i.test(key)) {
    return 'it is a whole assignment: only what follows the = is the key';
  }
  if (/^(?:[a-z][a-z\d+.-]*:\/\/|www\.)/i.test(key))
    return 'it is the address of a page: a key is made there, and shown once';
  if (/^(["'`]).*\1$/.test(key)) return 'it has quotation marks around it';
  if (/^Bearer\s/i.test(key)) return 'it begins with "Bearer": only what follows is the key';
  if (/\s/.test(key)) return 'it has a space or line break in it';
  if (/[^\x21-\x7e]/.test(key)) return 'it has letters that no key has';
  if (/^(my|the)[-_ ]?.*key|x{6,}|\*{3,}/i.test(key)) return 'it is a placeholder';
  return key.length < 8 ? 'it is too short' : undefined;
}

/** Services that are no provider here, by how their keys begin: people have several keys at hand. */
const strangers: readonly (readonly [label: string, begins: RegExp])[] = [
  ['Anthropic', /^sk-ant-/],
  ['Hugging Face', /^hf_/],
  ['Replicate', /^r8_/],
  ['xAI', /^xai-/],
  ['Groq', /^gsk_/],
  ['GitHub', /^(gh[pousr]_|github_pat_)/],
  ['GitLab', /^glpat-/],
  ['npm', /^npm_/],
  ['AWS', /^A[KS]IA[0-9A-Z]{16}$/],
  ['Slack', /^xox[abprs]-/],
  ['Stripe', /^[sr]k_(live|test)_/],
];

/**
 * Why a key looks like none of this provider's own service, if it does: by what its definition says of its keys, and by what those of
 * the other known providers say of theirs, or are known to be of others, if it is one of the known itself. A service may change the form of its keys: this is for
 * warnings, never for a refusal. Never holds the key.
 */
export function keyDoubt(
  key: string,
  definition: ProviderDefinition,
  known: readonly ProviderDefinition[],
): string | undefined {
  const fits = (pattern: string | undefined) => pattern !== undefined && new RegExp(pattern).test(key.trim());
  const shapes = shapesOf(definition);
  const doubt = shapes.flatMap(({ doubted = [] }) => doubted).find(({ looks }) => fits(looks));
  if (doubt) return doubt.because;
  const isFrom = (other: ProviderDefinition) => shapesOf(other).some(({ own }) => fits(own));
  const isKnown = known.some(({ id }) => id === definition.id);
  if (!isKnown || isFrom(definition)) return undefined;
  const stranger = strangers.find(([, begins]) => begins.test(key.trim()));
  const label = known.find(isFrom)?.label ?? stranger?.[0];
  return label && `it looks like a key of ${label}`;
}

/** Keys that many services have. */
const common = /^sk-[\w-]+$/;

/** What a key may be written behind: `export OPENAI_API_KEY=`. */
const beforeKey = /^["'`]?(?:[\w:$]*=["'`]?)?/;

/**
 * Whether one of a text's words looks like a secret key: of a known service, or of the form that many have. A text that is sent to a
 * service as a prompt is paid, kept, and read by others.
 */
export function holdsKey(text: string, known: readonly ProviderDefinition[]): boolean {
  const own = known.flatMap((definition) => shapesOf(definition).flatMap((shape) => shape.own ?? []));
  const forms = [...own.map((pattern) => new RegExp(pattern)), ...strangers.map(([, begins]) => begins), common];
  return text.split(/\s+/).some((word) => {
    const key = word.replace(beforeKey, '').replace(/["'`]$/, '');
    return /^[\w.-]{12,}$/.test(key) && /\d/.test(key) && forms.some((form) => form.test(key));
  });
}

function shapesOf({ keys }: ProviderDefinition): KeyShape[] {
  return keys.flatMap(({ shape }) => shape ?? []);
}
