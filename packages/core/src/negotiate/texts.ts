// Options that are a text. `adapt` leaves `user` out; the others stay or are refused.

import { lacks, type Session, standing } from './session.ts';

/** The part of a negotiation that a text is judged by. */
type TextSession = Pick<Session, 'request' | 'limits' | 'name' | 'problems' | 'warnings'>;

/** Checks the prompt; it is never changed. */
export function checkPrompt(session: TextSession): void {
  const { limits, name, problems, warnings } = session;
  const { prompt } = session.request;
  const { max, unit = 'characters', optional } = limits.prompt ?? {};
  if (!prompt && !optional) {
    problems.push({
      code: 'invalid-request',
      option: 'prompt',
      asked: prompt,
      allowed: 'text',
      message: 'the prompt is empty',
      hint: 'Say in the prompt what to draw.',
    });
  }
  if (max === undefined) return;
  if (unit === 'characters') {
    checkLength(session, 'prompt', prompt, max);
  } else if (likelyTokens(prompt) > max) {
    const message = `the prompt may be longer than the ${max} tokens that ${name} reads: tokens are not counted here`;
    warnings.push({ code: 'unchecked', message });
  }
}

/** Decides what is not wanted in the picture. */
export function negotiateNegativePrompt(session: Session): string | undefined {
  const asked = session.request.negativePrompt;
  if (asked === undefined) return undefined;
  if (standing(session, 'negativePrompt') === 'none') {
    lacks(session, 'negativePrompt', asked);
    return undefined;
  }
  const { max } = session.limits.negativePrompt || {};
  if (max !== undefined) checkLength(session, 'negativePrompt', asked, max);
  return asked;
}

/** Decides the end user's id. */
export function negotiateUser(session: Session): string | undefined {
  const asked = session.request.user;
  const option = 'user';
  if (asked === undefined) return undefined;
  if (standing(session, option) === 'none') {
    lacks(session, option, asked, true);
    return undefined;
  }
  const { name, limits, adapt, applied, problems } = session;
  const { length } = [...asked];
  if (!limits.user) return asked;
  const [min, max] = limits.user;
  if (length >= min && length <= max) return asked;
  const because = `${name} takes ids of ${min} to ${max} characters, this one has ${length}`;
  const hint = `Use an id of ${min} to ${max} characters, or leave user out.`;
  if (adapt) applied.push({ option, asked, sent: null, because });
  else problems.push({ option, asked, allowed: [min, max], message: because, hint });
  return undefined;
}

function checkLength({ name, problems }: TextSession, option: string, text: string, max: number): void {
  // Never fewer UTF-16 units than characters: most texts need no count.
  if (text.length <= max) return;
  const { length } = [...text];
  const over = length - max;
  if (over <= 0) return;
  problems.push({
    option,
    asked: length,
    allowed: max,
    message: `${option} has ${length} characters; ${name} takes at most ${max}`,
    hint: `Shorten the ${option} by ${over} ${over === 1 ? 'character' : 'characters'}.`,
  });
}

/** A guess on the high side: one token per sign of a script such as Chinese, one per three ASCII characters. */
function likelyTokens(text: string): number {
  const signs = [...text];
  const ascii = signs.filter((sign) => sign < '\u0080').length;
  return signs.length - ascii + Math.ceil(ascii / 3);
}
