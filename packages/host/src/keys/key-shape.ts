/**
 * What is wrong with the look of a key, such as quotation marks that were copied with it; `undefined` if nothing is. A key that
 * passes may still be wrong. The text never holds the key.
 */
export function keyProblem(key: string): string | undefined {
  if (key.trim() === '') return 'it is empty';
  if (key !== key.trim()) return 'it begins or ends with a space or line break';
  if (/^(["'`]).*\1$/.test(key)) return 'it has quotation marks around it';
  if (/^Bearer\s/i.test(key)) return 'it begins with "Bearer": only what follows is the key';
  if (/\s/.test(key)) return 'it has a space or line break in it';
  if (/[^\x21-\x7e]/.test(key)) return 'it has letters that no key has';
  if (/^(your|my|the|insert|replace|enter)[-_ ]?.*key|^<.*>$|\.\.\.|…|x{6,}|\*{3,}/i.test(key))
    return 'it is a placeholder';
  return key.length < 8 ? 'it is too short' : undefined;
}

interface Form {
  readonly provider: string;
  /** Keys that look like this are doubted. */
  readonly looks: RegExp;
  readonly reason: string;
}

const googles = 'it begins with AIza, as keys of Google do';

/** What is known of the keys of each service, where it tells a wrong key from a right one. */
const forms: readonly Form[] = [
  { provider: 'cogview', looks: /^[^.]*$/, reason: 'it has no dot, and keys of this service are ID.SECRET' },
  { provider: 'cogview', looks: /^AIza/, reason: googles },
  {
    provider: 'bailian',
    looks: /^sk-sp-/,
    reason: 'it begins with sk-sp-, as keys of a coding plan do: those may not draw',
  },
  { provider: 'bailian', looks: /^AIza/, reason: googles },
  { provider: 'seedream', looks: /^AIza/, reason: googles },
  { provider: 'openai', looks: /^AIza/, reason: googles },
  {
    provider: 'google',
    looks: /^sk-/,
    reason: 'it begins with sk-, as keys of other services do, and those of Google do not',
  },
];

/**
 * Why a key seems to belong to another service than this provider's; `undefined` if it does not. Services may change the form of
 * their keys: this is for warnings, never for a refusal. The text never holds the key.
 */
export function keyDoubt(key: string, provider: string): string | undefined {
  return forms.find((form) => form.provider === provider && form.looks.test(key.trim()))?.reason;
}
