// Asks a server for pictures, and for its models: the one way for OpenAI and for everything that speaks its API.

import {
  type CallContext,
  ImageError,
  type ListedModel,
  type Money,
  mediaTypeIn,
  type Output,
  type ProviderCall,
  type ProviderResult,
  present,
  roundMoney,
  type Usage,
} from '@anyimage/core';
import { readBody, send } from './send.ts';
import { brokenOff, fromWire, readEvent, readModels, serviceError, toWire, wantsSVG } from './wire.ts';

/** Makes the pictures of a call. */
export async function draw(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  if (call.partials > 0 || (call.n > 1 && wantsSVG(call))) return drawOneByOne(call, context);
  const { envelope, body } = await send(context, toWire(call));
  return fromWire(call, envelope, body);
}

/**
 * Asks a server for its models, by `GET /models`. OpenAI's own list holds models of all kinds: of it only those with `image` in their
 * id are returned. Throws `bad-response` for an answer that is no list, and what the service says is wrong.
 */
export async function listModels(
  context: Pick<CallContext, 'http' | 'now' | 'baseURL'>,
): Promise<readonly ListedModel[]> {
  const { body } = await send(context, { to: 'models' });
  const models = readModels(body);
  const isMixed = new URL(context.baseURL).hostname === 'api.openai.com';
  if (models) return isMixed ? models.filter(({ id }) => id.includes('image')) : models;
  throw new ImageError('bad-response', 'the server does not list its models in the usual form', {
    hint: 'Name a model that the server has.',
  });
}

/**
 * Pictures that are shown while they are made, and drawings: each has a request of its own. One request makes one drawing; whether
 * it may stream several pictures is unverified. What was made stays made if a later one fails.
 */
async function drawOneByOne(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  const made: ProviderResult[] = [];
  while (made.length < call.n) {
    try {
      made.push(await drawOne({ ...call, n: 1 }, context, made.length * call.partials));
    } catch (error) {
      if (made.length === 0 || !ImageError.isInstance(error)) throw error;
      return together(made, Array<Output>(call.n - made.length).fill({ error }));
    }
  }
  return together(made, []);
}

/** `first`: the index of this picture's first partial picture among those of the call. */
async function drawOne(call: ProviderCall, context: CallContext, first: number): Promise<ProviderResult> {
  const answer = await context.http.send(toWire(call));
  const envelope = { status: answer.status, headers: answer.headers, now: context.now() };
  const isStream = mediaTypeIn(answer.headers.get('content-type') ?? '') === 'text/event-stream';
  // A server that does not stream answers as always.
  if (!isStream) return fromWire(call, envelope, await readBody(answer, envelope, true));
  for await (const event of answer.events()) {
    const read = readEvent(event);
    if (!read) continue;
    if ('failed' in read) throw serviceError(envelope, read.failed).with({ mayHaveBeenBilled: true });
    // The picture may arrive before the last partial ones, which nobody needs then.
    if ('done' in read) return fromWire(call, envelope, read.done);
    context.report({ partial: read.partial, index: first + read.index });
  }
  throw brokenOff();
}

/** The result of a call whose pictures were asked for one by one. What is known of only some of them is left out. */
function together(results: readonly ProviderResult[], failed: readonly Output[]): ProviderResult {
  const [first] = results;
  if (results.length === 1 && failed.length === 0) return first!;
  return present({
    ...first,
    outputs: [...results.flatMap(({ outputs }) => outputs), ...failed],
    usage: usageOfAll(results),
    cost: costOfAll(results),
  });
}

function costOfAll(results: readonly ProviderResult[]): Money | undefined {
  const costs = results.flatMap(({ cost }) => cost ?? []);
  if (!costs[0] || costs.length < results.length) return undefined;
  const amount = costs.reduce((sum, cost) => sum + cost.amount, 0);
  return { ...costs[0], amount: roundMoney(amount), estimated: costs.some(({ estimated }) => estimated) };
}

function usageOfAll(results: readonly ProviderResult[]): Usage | undefined {
  const usages = results.flatMap(({ usage }) => usage ?? []);
  if (usages.length < results.length) return undefined;
  const sums: { -readonly [kind in keyof Usage]: number } = {};
  for (const usage of usages) {
    for (const kind of ['textIn', 'imageIn', 'textOut', 'imageOut'] as const) {
      const tokens = usage[kind];
      if (tokens !== undefined) sums[kind] = (sums[kind] ?? 0) + tokens;
    }
  }
  return sums;
}
