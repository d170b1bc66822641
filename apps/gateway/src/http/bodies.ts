// Bodies of requests, bounded while they are read: each by itself, and all that are under way together.

import type { IncomingMessage } from 'node:http';
import { fileSize } from '@anyimage/host';
import { badRequest, Refusal } from '../wire/envelope.ts';

/** What bodies may still have. */
export class BodyRoom {
  readonly #most: number;
  #taken = 0;

  /** `most`: bytes of all together. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes of one more body, until `end`. */
  enter(mostOfOne: number): BodyCount {
    let count = 0;
    return {
      add: (bytes) => {
        count += bytes;
        this.#taken += bytes;
        if (count > mostOfOne) throw tooLarge(mostOfOne);
        if (this.#taken > this.#most) throw full();
      },
      end: () => {
        this.#taken -= count;
        count = 0;
      },
    };
  }
}

export interface BodyCount {
  /** Throws a refusal for too many. */
  add(bytes: number): void;
  end(): void;
}

/** Throws a refusal for a body that says that it is too large. */
export function checkLength({ headers }: IncomingMessage, most: number): void {
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
}

/** The JSON of a body. Throws a refusal for what is none, is too large, or stops halfway. */
export async function readJSON(incoming: IncomingMessage, count: BodyCount): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    count.add((chunk as Buffer).length);
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '')
    throw badRequest('The body is empty. Send the fields of the request as JSON.', 'invalid_json');
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!.slice(0, 120);
    throw badRequest(`The body is not JSON: ${reason}. Correct it and send it again.`, 'invalid_json');
  }
}

function tooLarge(most: number): Refusal {
  const message = `The body has more than ${fileSize(most)}. Send smaller or fewer pictures; whoever runs the gateway can raise limits.bodyBytes.`;
  return badRequest(message, 'body_too_large', undefined, 413);
}

function full(): Refusal {
  const row = { status: 503, type: 'service_unavailable_error', code: 'busy' };
  return new Refusal(row, 'Too many bodies are under way at once. Nothing was sent: try again in a moment.', {
    headers: { 'x-should-retry': 'true', 'retry-after': '2' },
  });
}
