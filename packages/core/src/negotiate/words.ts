// The words that are a text, a number or a few numbers. `adapt` leaves out `seed` and `user`; the others stay or are refused.

import type { Json } from '../contract/capabilities.ts';
import type { ProviderCall } from '../contract/provider.ts';
import { highestSeed, seriesOf } from './series.ts';
import { lacks, nearestText, type Session, standing, useHint } from './session.ts';

/** Checks the prompt; it is never changed. */
export function checkPrompt(session: Session): void {
  const { limits, name } = session;
  const { prompt } = session.request;
  const { max, unit = 'characters', optional } = limits.prompt ?? {};
  const length = [...prompt].length;
  if (!prompt && !optional) {
    const hint = 'Say in the prompt what to draw.';
    const problem = { option: 'prompt', asked: prompt, allowed: 'text', message: 'the prompt is empty', hint };
    session.problems.push({ code: 'invalid-request', ...problem });
  }
  if (max === undefined) return;
  if (unit === 'tokens') {
    if (likelyTokens(prompt) <= max) return;
    const message = `the prompt may be longer than the ${max} tokens that ${name} reads: tokens are not counted here`;
    session.warnings.push({ code: 'unchecked', message });
  } else if (length > max) {
    tooLong(session, 'prompt', length, max);
  }
}

/** Decides what is not wanted in the picture. */
export function settleNegativePrompt(session: Session): string | undefined {
  const asked = session.request.negativePrompt;
  if (asked === undefined) return undefined;
  const state = standing(session, 'negativePrompt');
  if (state === 'none') {
    lacks(session, 'negativePrompt', asked);
    return undefined;
  }
  const max = session.limits.negativePrompt ? session.limits.negativePrompt.max : undefined;
  const { length } = [...asked];
  if (max !== undefined && length > max) tooLong(session, 'negativePrompt', length, max);
  return asked;
}

/** Decides the seed of the first picture. Those of a series follow it within one call, so that it may not be too high. */
export function settleSeed(session: Session, options: ProviderCall['options']): number | undefined {
  const asked = session.request.seed;
  if (asked === undefined) return undefined;
  const state = standing(session, 'seed');
  if (state === 'none')
    return dropOr(session, 'seed', asked, `${session.name} has no seed`, () => lacks(session, 'seed', asked, true));
  const { limits, request, name } = session;
  const highest = highestSeed(limits, options, request.n);
  if (asked <= highest) return asked;
  const series = seriesOf(limits, options);
  const many = series ? ` for a series of ${Math.min(request.n, series.most)}` : '';
  const because = `${name} takes seeds from 0 to ${highest}${many}`;
  return dropOr(session, 'seed', asked, because, () =>
    refuse(session, 'seed', asked, [0, highest], [highest], because, true),
  );
}

/** Decides the end user's id. */
export function settleUser(session: Session): string | undefined {
  const asked = session.request.user;
  if (asked === undefined) return undefined;
  const state = standing(session, 'user');
  if (state === 'none')
    return dropOr(session, 'user', asked, `${session.name} has no user`, () => lacks(session, 'user', asked, true));
  const { user } = session.limits;
  const { length } = [...asked];
  if (!user || (length >= user[0] && length <= user[1])) return asked;
  const because = `${session.name} takes ids of ${user[0]} to ${user[1]} characters, this one has ${length}`;
  return dropOr(session, 'user', asked, because, () => {
    const hint = `Use an id of ${user[0]} to ${user[1]} characters, or leave user out.`;
    session.problems.push({ option: 'user', asked, allowed: [...user], message: because, hint });
  });
}

/** Decides how far the result may go from the input picture. */
export function settleStrength(session: Session): number | undefined {
  const asked = session.request.strength;
  if (asked === undefined) return undefined;
  if (standing(session, 'strength') === 'none') lacks(session, 'strength', asked);
  return asked;
}

/** Decides the upscale factor. One must be given: what a service does without it may be paid for and enlarge nothing. */
export function settleFactor(session: Session): number | undefined {
  const { request, limits, operation, name } = session;
  const { factor: asked } = request;
  const factors = limits.factor ?? [];
  const takes = `${name} upscales by ${factors.join(', ')}`;
  if (asked === undefined) {
    if (operation !== 'upscale' || factors.length === 0) return undefined;
    const near = nearestFactors(factors, 2);
    const hint = useHint(session, 'factor', near[0]!);
    const problem = { option: 'factor', asked: null, allowed: factors, nearest: near, hint };
    session.problems.push({ code: 'invalid-request', ...problem, message: `upscale needs a factor; ${takes}` });
    return undefined;
  }
  if (standing(session, 'factor') === 'none') lacks(session, 'factor', asked);
  if (!limits.factor || factors.includes(asked)) return asked;
  refuse(session, 'factor', asked, factors, nearestFactors(factors, asked), takes);
  return asked;
}

/** At most three, best first: of two as near the larger, and last what does not enlarge, if that was asked for. */
function nearestFactors(factors: readonly number[], asked: number): readonly number[] {
  const isIdle = (factor: number) => Number(asked > 1 && factor <= 1);
  const far = (factor: number) => Math.abs(factor - asked);
  return [...factors].sort((a, b) => isIdle(a) - isIdle(b) || far(a) - far(b) || b - a).slice(0, 3);
}

/** Decides how far each side is extended. */
export function settleExpand(session: Session): ProviderCall['expand'] {
  const asked = session.request.expand;
  const { limits, operation } = session;
  if (asked === undefined) {
    if (operation !== 'outpaint' || !limits.expand) return undefined;
    wrong(
      session,
      'expand',
      null,
      'outpaint needs to know which sides to extend',
      'Give expand, such as { right: … }.',
    );
    return undefined;
  }
  const { top = 0, right = 0, bottom = 0, left = 0 } = asked;
  const sides = { top, right, bottom, left };
  const lengths = Object.values(sides);
  if (lengths.every((length) => length === 0)) {
    wrong(session, 'expand', { ...asked }, 'expand extends no side', 'Give at least one side a length above 0.');
  }
  if (standing(session, 'expand') === 'none') lacks(session, 'expand', { ...asked });
  if (!limits.expand) return sides;
  const { unit, max } = limits.expand;
  if (lengths.every((length) => length <= max && (unit === 'ratio' || Number.isInteger(length)))) return sides;
  const allowed = unit === 'px' ? `whole px, at most ${max} per side` : `parts of the side, at most ${max} per side`;
  const fit = (length: number) => Math.min(max, unit === 'px' ? Math.round(length) : length);
  const nearest = { top: fit(top), right: fit(right), bottom: fit(bottom), left: fit(left) };
  session.problems.push({
    option: 'expand',
    asked: { ...asked },
    allowed,
    nearest: [nearest],
    message: `${session.name} does not extend so far; it takes ${allowed}`,
    hint: useHint(session, 'expand', nearest),
  });
  return sides;
}

/** Decides how many partial pictures are reported. */
export function settlePartials(session: Session): number {
  const asked = session.request.partials ?? 0;
  if (asked === 0) return 0;
  if (standing(session, 'partials') === 'none') lacks(session, 'partials', asked);
  const max = session.limits.partials;
  if (max !== undefined && asked > max) {
    refuse(session, 'partials', asked, [0, max], [max], `${session.name} gives at most ${max} partial pictures`);
  }
  return asked;
}

/** Decides the compression; `format` is the format that will be sent, if any. */
export function settleCompression(session: Session, format: string | undefined): number | undefined {
  const asked = session.request.outputCompression;
  if (asked === undefined) return undefined;
  const { limits, name } = session;
  const state = standing(session, 'outputCompression');
  if (state === 'open') return asked;
  const formats = limits.outputCompression ?? [];
  if (state === 'none' || formats.length === 0) {
    lacks(session, 'outputCompression', asked);
    return undefined;
  }
  const effective = format ?? (limits.outputFormat ? limits.outputFormat.default : undefined);
  if (effective !== undefined && formats.includes(effective)) return asked;
  session.problems.push({
    option: 'outputCompression',
    asked,
    allowed: { outputFormat: formats },
    message: `${name} compresses only ${formats.join(' and ')}${effective ? `, not ${effective}` : ''}`,
    hint: `Use outputFormat: ${JSON.stringify(formats[0]!)}, or leave outputCompression out.`,
  });
  return undefined;
}

/** `adapt` leaves the word out and says so; `strict` refuses. */
function dropOr(session: Session, option: string, asked: Json, because: string, refused: () => void): undefined {
  if (session.adapt) session.applied.push({ option, asked, sent: null, because });
  else refused();
}

function refuse(
  session: Session,
  option: string,
  asked: Json,
  allowed: Json,
  nearest: readonly Json[],
  because: string,
  adaptable = false,
): void {
  const message = `${option} ${asked}: ${because}${nearestText(nearest)}`;
  session.problems.push({
    option,
    asked,
    allowed,
    nearest,
    message,
    hint: useHint(session, option, nearest[0]!, adaptable),
  });
}

function wrong(session: Session, option: string, asked: Json, message: string, hint: string): void {
  session.problems.push({ code: 'invalid-request', option, asked, allowed: null, message, hint });
}

function tooLong(session: Session, option: string, length: number, max: number): void {
  const over = length - max;
  session.problems.push({
    option,
    asked: length,
    allowed: max,
    message: `${option} has ${length} characters; ${session.name} takes at most ${max}`,
    hint: `Shorten the ${option} by ${over} ${over === 1 ? 'character' : 'characters'}.`,
  });
}

/** A guess on the high side: one token per sign of a script such as Chinese, one per three ASCII characters. */
function likelyTokens(text: string): number {
  const signs = [...text];
  const ascii = signs.filter((sign) => sign < '\u0080').length;
  return signs.length - ascii + Math.ceil(ascii / 3);
}
