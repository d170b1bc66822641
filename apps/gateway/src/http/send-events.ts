// The answer as server-sent events, in OpenAI's form.

import type { ServerResponse } from 'node:http';
import type { CallProgress, ClientRequest } from '@anyimage/core';
import type { RunningCall } from '../calls/call.ts';
import type { PictureStore } from '../kept/pictures.ts';
import type { Answer, AnswerPicture } from '../wire/answer.ts';
import { pictureFacts, sendError, stored, writeParts } from './send-answer.ts';

export interface EventOptions {
  readonly kind: 'image_generation' | 'image_edit';
  readonly request: ClientRequest;
  readonly pictures: PictureStore;
  readonly urlOf?: ((picture: AnswerPicture) => Promise<string>) | undefined;
  readonly headers: { readonly [name: string]: string };
  /** How often something is sent so that the connection stays, ms. */
  readonly keepAliveMs: number;
  readonly now: () => number;
}

/**
 * Tells what comes of a call as it comes: partial pictures, then each picture. What refuses the request before anything was told is an
 * answer with its status, as without events. Resolves when all was written.
 */
export async function sendEvents(
  outgoing: ServerResponse,
  asked: RunningCall | Answer,
  options: EventOptions,
): Promise<void> {
  const { kind, headers, keepAliveMs, now, request } = options;
  const begin = () => {
    if (outgoing.headersSent) return;
    outgoing.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    outgoing.flushHeaders();
  };
  let partials = 0;
  const onProgress = (progress: CallProgress) => {
    // Who reads slowly does without.
    if (!('partial' in progress) || outgoing.writableNeedDrain || outgoing.destroyed) return;
    begin();
    const event = {
      type: `${kind}.partial_image`,
      b64_json: Buffer.from(progress.partial).toString('base64'),
      created_at: Math.floor(now() / 1000),
      size: request.size ?? 'auto',
      quality: request.quality ?? 'auto',
      background: request.background ?? 'auto',
      output_format: request.outputFormat ?? 'png',
      partial_image_index: partials,
    };
    partials += 1;
    outgoing.write(eventText(event.type, event));
  };
  const answer = 'done' in asked ? await waitFor(asked, onProgress) : asked;
  if ('refused' in answer) {
    const { refused } = answer;
    if (!outgoing.headersSent) sendError(outgoing, refused, headers);
    else outgoing.end(eventText('error', { type: 'error', ...refused.body }));
    return;
  }
  const found = await Promise.all(answer.pictures.map((picture) => stored(options.pictures, picture)));
  begin();
  for (const [index, picture] of answer.pictures.entries()) {
    const type = `${kind}.completed`;
    const { usage, ...facts } = answer.facts;
    // Of all pictures together: told once.
    const members = {
      type,
      created_at: answer.created,
      ...facts,
      ...pictureFacts(picture),
      ...(index === 0 && usage !== undefined && { usage }),
    };
    const head = `event: ${type}\ndata: ${JSON.stringify(members).slice(0, -1)},`;
    const { urlOf } = options;
    const parts = urlOf
      ? [`${head}"url":${JSON.stringify(await urlOf(picture))}}\n\n`]
      : [`${head}"b64_json":"`, found[index]!, '"}\n\n'];
    await writeParts(outgoing, parts, urlOf ? 0 : 1.4 * picture.byteLength + head.length);
  }
  outgoing.end();

  async function waitFor(call: RunningCall, onProgress: (progress: CallProgress) => void): Promise<Answer> {
    const beat = setInterval(() => {
      begin();
      if (!outgoing.writableNeedDrain && !outgoing.destroyed) outgoing.write(': keep-alive\n\n');
    }, keepAliveMs);
    const leave = call.join(onProgress);
    outgoing.once('close', leave);
    try {
      return await call.done;
    } finally {
      clearInterval(beat);
      leave();
    }
  }
}

function eventText(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
