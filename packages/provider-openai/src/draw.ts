// Asks a server for pictures: the one way for OpenAI and for everything that speaks its API.

import {
  type Answer,
  type CallContext,
  type Envelope,
  fromChat,
  type HttpRequest,
  ImageError,
  type ListedModel,
  type Money,
  type Output,
  type ProviderCall,
  type ProviderResult,
  present,
  roundMoney,
  type TextQuestion,
  toChat,
  type Usage,
  type WrittenText,
} from '@anyimage/core';
import { brokenOff, fromWire, readEvent, readModels, serviceError, toWire } from './wire.ts';

/** The key as OpenAI takes it. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Makes the pictures of a call. */
export async function draw(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  if (call.partials > 0) return drawInSight(call, context);
  const { envelope, body } = await exchange(context, toWire(call));
  return fromWire(call, envelope, body);
}

/**
 * Asks a server for its models, by `GET /models`. OpenAI's own list holds models of all kinds: of it only those with `image` in their
 * id are returned. Throws `bad-response` for an answer that is no list, and what the service says is wrong.
 */
export async function listModels(
  context: Pick<CallContext, 'http' | 'now' | 'baseURL'>,
): Promise<readonly ListedModel[]> {
  const { body } = await exchange(context, { to: 'models' });
  const models = readModels(body);
  const isMixed = new URL(context.baseURL).hostname === 'api.openai.com';
  if (models) return isMixed ? models.filter(({ id }) => id.includes('image')) : models;
  throw new ImageError('bad-response', 'the server does not list its models in the usual form', {
    hint: 'Name a model that the server has.',
  });
}

/**
 * Asks the language model that the caller named. Throws `config` if none was: which ones there are changes too often for a default.
 */
export async function write(question: TextQuestion, context: CallContext): Promise<WrittenText> {
  const { textModel } = context;
  if (!textModel) {
    throw new ImageError('config', 'no language model of this service is named', {
      hint: 'Name one as textModel in the settings of the provider.',
    });
  }
  const { body } = await exchange(context, { to: 'chat/completions', json: toChat(textModel, question), spends: true });
  return fromChat(body);
}

/** Sends a request and reads the JSON of a success. Throws the error of anything else. */
async function exchange({ http, now }: Pick<CallContext, 'http' | 'now'>, request: HttpRequest) {
  const answer = await http.send(request);
  const envelope = { status: answer.status, headers: answer.headers, now: now() };
  return { envelope, body: await readBody(answer, envelope, request.spends === true) };
}

/**
 * Shows the pictures while they are made. Whether one request may stream several is unverified, so each picture has a request of its
 * own. What was made stays made if a later one fails.
 */
async function drawInSight(call: ProviderCall, context: CallContext): Promise<ProviderResult> {
  const made: ProviderResult[] = [];
  while (made.length < call.n) {
    try {
      made.push(await streamOne({ ...call, n: 1 }, context, made.length * call.partials));
    } catch (error) {
      if (made.length === 0 || !ImageError.isInstance(error)) throw error;
      return together(made, Array<Output>(call.n - made.length).fill({ error }));
    }
  }
  return together(made, []);
}

/** `first`: the index of this picture's first partial picture among those of the call. */
async function streamOne(call: ProviderCall, context: CallContext, first: number): Promise<ProviderResult> {
  const answer = await context.http.send(toWire(call));
  const envelope = { status: answer.status, headers: answer.headers, now: context.now() };
  const isStream = answer.headers.get('content-type')?.includes('text/event-stream');
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
  return { ...costs[0], amount: roundMoney(amount) };
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

/** The JSON of a success. Throws what a refusal tells, in whatever form: JSON, plain text, or a gateway's own page. */
async function readBody(answer: Answer, envelope: Envelope, spends: boolean): Promise<unknown> {
  const type = answer.headers.get('content-type') ?? '';
  if (answer.status >= 400) {
    const text = new TextDecoder().decode(await answer.bytes());
    throw serviceError(envelope, parsed(text));
  }
  if (!type.includes('text/html')) return answer.json();
  await answer.bytes();
  throw new ImageError('bad-response', 'the base URL answers with a web page', {
    status: answer.status,
    mayHaveBeenBilled: spends,
    hint: 'Check the base URL: most end in /v1.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
