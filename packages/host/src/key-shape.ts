/**
 * What is wrong with the look of a key, if anything: what often happens when one is copied. A key that passes may still be
 * wrong. Never holds the key.
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
