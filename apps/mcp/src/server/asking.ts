// How a person is asked in the course of a call. In the era of 2026-07-28 the client gets the question in place of an answer, and calls again
// with what was said; before that it is asked while the call waits. What the SDK does for the older ones tells the agent, when asking fails, in
// words of its own and without a step.

import { randomUUID } from 'node:crypto';
import { isRecord } from '@anyimage/core';
import {
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { ToolRequest } from '../tools/run-tool.ts';
import { type Answer, AskPerson, type Question } from '../tools/tool.ts';
import { isModern } from './binding.ts';
import { anything } from './wire/anything.ts';

/** What was said to earlier questions of the same call, by their keys: in the new era the client hands it back with each further answer. */
type Said = Map<string, Answer | 'could not be asked'>;

/** A person thinks as long as it takes; a client that shows the question to nobody is not waited for longer, ms. */
const answerMs = 600_000;
/** Between two signs of life while the person thinks, ms. */
const heartbeatMs = 4000;

/** Who asks, by which request, of a client that can do what. */
export interface Asking {
  readonly context: ServerContext;
  readonly server: Server;
  readonly capabilities: ClientCapabilities | undefined;
  readonly report: ToolRequest['report'];
}

/**
 * Does work that may ask the person; it is done again with each answer. A client that cannot ask after all is as one that never could. In the new
 * era rejects with `AskPerson` for a question that nobody has answered yet, else with what `work` rejects with, and with the signal's reason.
 */
export async function withAnswers<T>(work: (ask: ToolRequest['ask']) => Promise<T>, asking: Asking): Promise<T> {
  const { context, server, capabilities } = asking;
  const said = saidIn(context);
  const ask: ToolRequest['ask'] = (question) => {
    if (!canAsk(question, capabilities)) return undefined;
    const answer = said.get(question.key);
    if (answer === undefined) throw new AskPerson(question);
    return answer === 'could not be asked' ? undefined : answer;
  };
  for (;;) {
    try {
      return await work(ask);
    } catch (error) {
      if (!(error instanceof AskPerson) || isModern(server)) throw error;
      said.set(error.question.key, await answerTo(error.question, asking));
    }
  }
}

/** What the client gets in place of the answer of a tool. */
export function questionResult({ question }: AskPerson, context: ServerContext): InputRequiredResult {
  const { key, message, url } = question;
  const request =
    url === undefined
      ? inputRequired.elicit({ message, requestedSchema: form })
      : inputRequired.elicitUrl({ message, url });
  const said = Object.fromEntries(saidIn(context));
  return inputRequired({ inputRequests: { [key]: request }, requestState: JSON.stringify(said) });
}

/** The person says it: a form that is sent as it came is no yes. */
const form = {
  type: 'object' as const,
  properties: { go: { type: 'boolean' as const, title: 'Go ahead' } },
  required: ['go'],
};

async function answerTo({ message, url }: Question, asking: Asking): Promise<Answer | 'could not be asked'> {
  const { context, server, report } = asking;
  const { signal, id } = context.mcpReq;
  const params =
    url === undefined
      ? { mode: 'form', message, requestedSchema: form }
      : { mode: 'url', message, url, elicitationId: randomUUID() };
  const tell = () => report('waiting for the answer of the person');
  const heartbeat = setInterval(tell, heartbeatMs);
  try {
    tell();
    const options = { signal, timeout: answerMs, relatedRequestId: id };
    return answerIn(await server.request({ method: 'elicitation/create', params }, anything, options));
  } catch (error) {
    signal.throwIfAborted();
    if (process.env.ANYIMAGE_DEBUG) process.stderr.write(`the client could not ask: ${String(error)}\n`);
    return 'could not be asked';
  } finally {
    clearInterval(heartbeat);
  }
}

function answerIn(answer: unknown): Answer {
  const { action, content } = isRecord(answer) ? answer : {};
  return action === 'accept' && isRecord(content) && content.go === true ? 'yes' : 'no';
}

function canAsk({ url }: Question, capabilities: ClientCapabilities | undefined): boolean {
  const elicitation = capabilities?.elicitation;
  if (!elicitation) return false;
  // A client that says no mode has forms.
  return url === undefined
    ? elicitation.form !== undefined || elicitation.url === undefined
    : elicitation.url !== undefined;
}

function saidIn({ mcpReq }: ServerContext): Said {
  const said: Said = new Map();
  for (const [key, answer] of Object.entries(earlierIn(mcpReq.requestState()))) {
    if (answer === 'yes' || answer === 'no') said.set(key, answer);
  }
  for (const key of Object.keys(mcpReq.inputResponses ?? {})) {
    const view = inputResponse(mcpReq.inputResponses, key);
    if (view.kind === 'elicit') said.set(key, answerIn(view));
  }
  return said;
}

/** The client could as well say yes itself: what it hands back is believed. */
function earlierIn(state: unknown): { readonly [key: string]: unknown } {
  try {
    const earlier: unknown = JSON.parse(String(state ?? '{}'));
    return isRecord(earlier) ? earlier : {};
  } catch {
    return {};
  }
}
