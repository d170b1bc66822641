// POST /v1/images/generations/async and GET /v1/images/tasks/ID: pictures that nobody waits for on a connection.

import { type ClientRequest, isRecord } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import type { Intent } from '@anyimage/store-redis/contract';
import { fitWords } from '../calls/fit-words.ts';
import type { Answer } from '../wire/answer.ts';
import { badRequest, errorAnswer } from '../wire/envelope.ts';
import type { AnyFields } from '../wire/fields.ts';
import { formOf } from '../wire/words.ts';
import { whoAsks } from './access.ts';
import { type BodyReader, pictureURL, requestHeaders, withRequest } from './images.ts';
import { generationOf } from './read-request.ts';
import { sendMade } from './send-answer.ts';
import type { Exchange, Surroundings } from './surroundings.ts';

/** What is told of a task. */
export interface Task {
  readonly id: string;
  readonly object: 'image.task';
  readonly created: number;
  readonly status: 'queued' | 'in_progress' | 'completed' | 'failed';
  readonly error?: unknown;
}

/** How long to wait before asking how it stands, s. */
const retrySeconds = 2;

const again = { 'retry-after': String(retrySeconds) };

/** Takes a task, 202. Throws as a request that waits. */
export async function takeTask(at: Surroundings, exchange: Exchange, reader: BodyReader): Promise<void> {
  await withRequest(
    at,
    exchange,
    reader,
    async ({ headers }, { form }, asked) => {
      if (form.stream)
        throw badRequest('A task has no stream. Ask for its state instead.', 'unsupported_value', 'stream');
      if ('call' in asked) asked.call.join();
      const intent = await at.kept.intents.get(asked.id);
      const task = intent && (await taskOf(at, intent, 'answer' in asked ? asked.answer : undefined));
      sendTask(exchange.outgoing, 202, task, { ...headers, location: `/v1/images/tasks/${asked.id}`, ...again });
    },
    { isTask: true },
  );
}

/** Tells how a task stands; of one that is done, with its pictures. Throws a refusal for one that is not the key's. */
export async function showTask(at: Surroundings, { incoming, outgoing }: Exchange, id: string): Promise<void> {
  const key = await whoAsks(incoming, { ...at, keys: at.kept.keys });
  const intent = await at.kept.intents.get(id);
  if (intent?.task === undefined || intent.key !== key.id) {
    throw badRequest(
      'There is no such task of this key. Tasks are kept for a day unless set otherwise.',
      'task_not_found',
      undefined,
      404,
    );
  }
  const answer = intent.answer === undefined ? undefined : (JSON.parse(intent.answer) as Answer);
  const task = await taskOf(at, intent, answer);
  const headers = requestHeaders();
  if (!answer || 'refused' in answer) {
    sendTask(outgoing, 200, task, answer ? headers : { ...headers, ...again });
    return;
  }
  const { fields } = readTask(intent.task);
  const byURL = formOf(fields).responseFormat === 'url';
  const told = { ...answer, facts: { ...JSON.parse(JSON.stringify(task)), ...answer.facts } };
  await sendMade(outgoing, told, {
    pictures: at.pictures,
    urlOf: byURL ? (picture) => pictureURL(at, incoming, picture) : undefined,
    headers,
  });
}

/** What a task asked, in core's words. */
export function requestOfTask(task: string, settings: Settings): ClientRequest {
  const { fields, negotiation } = readTask(task);
  return fitWords({ ...generationOf(fields).request, ...(negotiation && { negotiation }) }, settings);
}

/** What is kept of a task: its fields as they came, and how what a model lacks is treated. */
function readTask(text: string): { readonly fields: AnyFields; readonly negotiation?: 'strict' | 'adapt' } {
  const task: unknown = JSON.parse(text);
  return isRecord(task) ? (task as unknown as ReturnType<typeof readTask>) : { fields: { prompt: '' } };
}

async function taskOf({ calls }: Surroundings, { id, at }: Intent, answer: Answer | undefined): Promise<Task> {
  const facts = { id, object: 'image.task', created: Math.floor(at / 1000) } as const;
  if (answer)
    return 'refused' in answer
      ? { ...facts, status: 'failed', ...answer.refused.body }
      : { ...facts, status: 'completed' };
  return { ...facts, status: await calls.stateOf(id) };
}

function sendTask(
  outgoing: Exchange['outgoing'],
  status: number,
  task: Task | undefined,
  headers: { readonly [name: string]: string },
): void {
  const text = JSON.stringify(task ?? errorAnswer(new Error('the task is gone')).body);
  outgoing.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  outgoing.end(text);
}
