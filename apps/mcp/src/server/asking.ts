// How a person is asked in the course of a call: the client gets the question in place of an answer, and calls again with what was said.

import { isRecord } from '@anyimage/core';
import {
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { type Answer, AskPerson, type Question, type ToolContext } from '../tools/tool.ts';

/** What was said to earlier questions of the same call, by their keys: the client hands it back with each further answer. */
type Said = { readonly [key: string]: Answer };

/** The `ask` of a tool's context. It throws `AskPerson` for a question that nobody has answered yet. */
export function askerOf(context: ServerContext, capabilities: ClientCapabilities | undefined): ToolContext['ask'] {
  const said = saidIn(context);
  return (question) => {
    if (!canAsk(question, capabilities)) return undefined;
    const answer = said[question.key];
    if (answer === undefined) throw new AskPerson(question);
    return answer;
  };
}

/** What the client gets in place of the answer of a tool. */
export function questionResult({ question }: AskPerson, context: ServerContext): InputRequiredResult {
  const { key, message, url } = question;
  const request =
    url === undefined
      ? inputRequired.elicit({
          message,
          requestedSchema: { type: 'object', properties: { go: goAhead }, required: ['go'] },
        })
      : inputRequired.elicitUrl({ message, url });
  return inputRequired({ inputRequests: { [key]: request }, requestState: JSON.stringify(saidIn(context)) });
}

/** The person says it: a form that is sent as it came is no yes. */
const goAhead = { type: 'boolean', title: 'Go ahead' } as const;

function canAsk({ url }: Question, capabilities: ClientCapabilities | undefined): boolean {
  const elicitation = capabilities?.elicitation;
  if (!elicitation) return false;
  // A client that says no mode has forms.
  return url === undefined
    ? elicitation.form !== undefined || elicitation.url === undefined
    : elicitation.url !== undefined;
}

function saidIn({ mcpReq }: ServerContext): Said {
  const said: Record<string, Answer> = {};
  for (const [key, answer] of Object.entries(earlierIn(mcpReq.requestState()))) {
    if (answer === 'yes' || answer === 'no') said[key] = answer;
  }
  for (const key of Object.keys(mcpReq.inputResponses ?? {})) {
    const view = inputResponse(mcpReq.inputResponses, key);
    if (view.kind === 'elicit') said[key] = view.action === 'accept' && view.content?.go === true ? 'yes' : 'no';
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
