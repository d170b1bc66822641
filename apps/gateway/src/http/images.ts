// POST /v1/images/generations and /v1/images/edits.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Asked } from '../calls/calls.ts';
import { checkModels, fitWords } from '../calls/fit-words.ts';
import { enter } from '../calls/limits.ts';
import type { Answer, AnswerPicture } from '../wire/answer.ts';
import { badRequest } from '../wire/envelope.ts';
import { whoAsks } from './access.ts';
import { type BodyCount, checkLength } from './bodies.ts';
import type { ReadRequest } from './read-request.ts';
import { sendError, sendMade } from './send-answer.ts';
import { sendEvents } from './send-events.ts';
import type { Asker, Exchange, Surroundings } from './surroundings.ts';

const mebibyte = 2 ** 20;
/** The largest body, unless the config says otherwise. */
const usualBody = 64 * mebibyte;

/** How bodies of a kind are read. */
export interface BodyReader {
  readonly kind: 'image_generation' | 'image_edit';
  read(incoming: IncomingMessage, count: BodyCount): Promise<ReadRequest>;
}

/** Whose last answer went out on a connection: that another request comes on it shows that the answer arrived. */
const answeredOn = new WeakMap<Socket, string>();

/** Answers a request for pictures. Throws a refusal, and core's errors. */
export async function answerImages(at: Surroundings, exchange: Exchange, reader: BodyReader): Promise<void> {
  const { incoming, outgoing } = exchange;
  noteArrival(at, incoming.socket);
  await withRequest(at, exchange, reader, async ({ headers }, read, asked) => {
    const { request, form } = read;
    const urlOf =
      form.responseFormat === 'url' ? (picture: AnswerPicture) => pictureURL(at, incoming, picture) : undefined;
    const options = { pictures: at.pictures, urlOf, headers: { ...headers, 'x-anyimage-request': asked.id } };
    outgoing.once('finish', () => answeredOn.set(incoming.socket, asked.id));
    if (form.stream) {
      const { kind } = reader;
      const events = { ...options, kind, request, keepAliveMs: at.keepAliveMs, now: at.now };
      await sendEvents(outgoing, 'call' in asked ? asked.call : asked.answer, events);
      return;
    }
    const answer = await answerTo(asked, outgoing);
    if ('refused' in answer) sendError(outgoing, answer.refused, options.headers);
    else await sendMade(outgoing, answer, options);
  });
}

/** What is answered, as soon as it is. Who goes away waits no more. */
async function answerTo(asked: Asked, outgoing: Exchange['outgoing']): Promise<Answer> {
  if ('answer' in asked) return asked.answer;
  const leave = asked.call.join();
  outgoing.once('close', leave);
  try {
    return await asked.call.done;
  } finally {
    leave();
  }
}

/** Reads a request within what its key may, and asks. `task`: it is kept, and nobody waits for it. */
export async function withRequest(
  at: Surroundings,
  { incoming, traceparent }: Exchange,
  { read }: BodyReader,
  answer: (asker: Asker, read: ReadRequest, asked: Asked) => Promise<void>,
  { isTask = false } = {},
): Promise<void> {
  const key = await whoAsks(incoming, { ...at, keys: at.kept.keys });
  const leave = await enter(at.kept.requests, key, at.now());
  const most = at.gateway().config.limits?.bodyBytes ?? usualBody;
  const count = at.room.enter(most);
  try {
    checkLength(incoming, most);
    const body = await read(incoming, count);
    const negotiation = negotiationOf(incoming);
    const { settings } = at.gateway();
    const words = { ...body.request, ...(negotiation && { negotiation }) };
    checkModels(key, words, settings);
    const request = fitWords(words, settings);
    const name = incoming.headers['idempotency-key'];
    if (typeof name === 'string' && name.length > 255) {
      throw badRequest('The Idempotency-Key has more than 255 characters. Send a shorter one.', 'invalid_value');
    }
    const asked = await at.calls.ask({
      key,
      request,
      fingerprint: `${body.fingerprint}${negotiation ?? ''}${isTask ? 'task' : ''}`,
      tries: triesOf(incoming),
      ...(typeof name === 'string' && name !== '' && { name: `${isTask ? 'task' : 'image'} ${name}` }),
      ...(body.mask && { mask: body.mask }),
      traceparent,
      ...(isTask && { task: JSON.stringify({ fields: body.fields, negotiation }) }),
    });
    await answer({ key, headers: requestHeaders() }, body, asked);
  } finally {
    count.end();
    leave();
  }
}

export function requestHeaders(): Asker['headers'] {
  return { 'x-request-id': `req_${randomUUID().replaceAll('-', '')}` };
}

function noteArrival({ kept }: Surroundings, socket: Socket): void {
  const before = answeredOn.get(socket);
  if (before === undefined) return;
  answeredOn.delete(socket);
  // If it cannot be noted, a further try is given an answer once too often.
  void kept.intents.arrived(before).catch(() => {});
}

/** How often OpenAI's client has tried before. */
function triesOf({ headers }: IncomingMessage): number {
  const text = headers['x-stainless-retry-count'];
  return typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0;
}

function negotiationOf({ headers }: IncomingMessage): 'strict' | 'adapt' | undefined {
  const word = headers['x-anyimage-negotiation'];
  if (word === undefined || word === 'strict' || word === 'adapt') return word;
  throw badRequest(
    "The header x-anyimage-negotiation must be 'strict' or 'adapt'.",
    'invalid_value',
    'x-anyimage-negotiation',
  );
}

/** Where whoever has it gets the picture, for a while. */
export async function pictureURL(
  at: Surroundings,
  { headers }: IncomingMessage,
  { ref, mediaType }: AnswerPicture,
): Promise<string> {
  const { publicURL, pictures } = at.gateway().config;
  const seconds = (pictures?.urlMinutes ?? 60) * 60;
  const direct = await at.pictures.urlOf(ref, seconds);
  if (direct !== undefined) return direct;
  const until = Math.floor(at.now() / 1000) + seconds;
  const base = publicURL?.replace(/\/$/, '') ?? `http://${headers.host}`;
  const ending = mediaType.replace(/^image\/(\w+).*$/, '$1');
  return `${base}/v1/pictures/${ref}.${ending}?expires=${until}&signature=${at.signer.sign(`${ref}.${ending}`, until)}`;
}
