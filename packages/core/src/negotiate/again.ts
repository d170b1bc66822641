// Negotiation for who asks again: most requests of a program differ from the one before in the prompt alone.

import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { type Negotiated, type NegotiateOptions, negotiate, type Target } from './negotiate.ts';
import { checkPrompt } from './texts.ts';

/** All that the outcome follows from, but for the prompt. A refusal is never kept. */
interface Asked extends Omit<NegotiateOptions, 'isTerse'> {
  readonly target: Target;
  readonly words: ParsedRequest;
}

/** What each row was asked last. Its words are all plain values, and the table has nothing to say of its prompt. */
const last = new WeakMap<ModelCapabilities, { readonly asked: Asked; readonly decided: Negotiated }>();

/** The same as `negotiate`. What is asked again with another prompt is not worked out again. */
export function negotiateAgain(request: ParsedRequest, target: Target, settings: NegotiateOptions): Negotiated {
  const known = last.get(target.row);
  if (known && isSame(known.asked, request, target, settings) && isUnremarkable(request, target, known.decided)) {
    return withPrompt(known.decided, request.prompt);
  }
  const decided = negotiate(request, target, settings);
  if (isPlain(request) && isUnremarkable(request, target, decided)) {
    last.set(target.row, { asked: { ...settings, target, words: request }, decided });
  }
  return decided;
}

function isSame(asked: Asked, request: ParsedRequest, target: Target, { adapt, today }: NegotiateOptions): boolean {
  const { provider, model, region } = asked.target;
  if (provider !== target.provider || model !== target.model || region !== target.region) return false;
  return adapt === asked.adapt && today === asked.today && haveSameWords(asked.words, request);
}

/** Whether two requests differ at most in their prompts. One of them has plain words alone. */
function haveSameWords(one: ParsedRequest, other: ParsedRequest): boolean {
  const words = Object.keys(other) as (keyof ParsedRequest)[];
  if (other.images.length > 0 || words.length !== Object.keys(one).length) return false;
  return words.every((word) => word === 'prompt' || word === 'images' || one[word] === other[word]);
}

/** Whether the words can be compared one by one: no pictures, and no option that is an object. */
function isPlain(request: ParsedRequest): boolean {
  return request.images.length === 0 && !request.mask && !request.expand && !request.providerOptions;
}

/** Whether the table has nothing to say of the prompt: neither a refusal nor a warning. */
function isUnremarkable(request: ParsedRequest, { provider, model }: Target, { limits }: Negotiated): boolean {
  const said = { request, limits, name: `${provider}/${model}`, problems: [], warnings: [] };
  checkPrompt(said);
  return said.problems.length + said.warnings.length === 0;
}

function withPrompt(decided: Negotiated, prompt: string): Negotiated {
  return { ...decided, calls: decided.calls.map((call) => ({ ...call, prompt })) };
}
