import { ImageError } from '../contract/errors.ts';
import type { Answer, AnswerHeaders } from '../contract/provider.ts';
import type { TransportResponse } from '../contract/transport.ts';
import type { AnswerMemory } from './body/answer-memory.ts';
import { announcedLength } from './body/content-encoding.ts';
import { readEvents } from './body/events.ts';
import { type JsonOptions, longestBody, parseJson, parseJsonStream } from './body/json-stream.ts';
import { messagesOf, readLoosely } from './body/loose.ts';

export interface AnswerFacts {
  readonly host: string;
  /** What the answer is to costs money. */
  readonly spends: boolean;
  /** Takes the key out of a text. */
  readonly redact: (text: string) => string;
  /** Of the call that the answer is for; default: memory like any other. */
  readonly memory?: AnswerMemory | undefined;
  /** Ends the wait for it. */
  readonly signal?: AbortSignal;
  /** Told what a success says as soon as it is here, in case that nobody can read it. */
  readonly onSuccess?: ((answer: HeldAnswer) => void) | undefined;
  /** Told the body as it was read, whatever the status: JSON, or the data of an event. */
  readonly onBody?: (body: unknown) => void;
}

/** A success, until its pictures are safe. */
export interface HeldAnswer {
  /** What it is to costs money. */
  readonly spends: boolean;
  /** Its part outside the body. */
  readonly envelope: { readonly status: number; readonly headers: AnswerHeaders; readonly now: number };
  /** The body, as `Answer.json` or {@link readLoosely} read it. */
  readonly read: () => Promise<unknown>;
}

/** A body nobody reads holds its connection; it is let go when the answer itself is forgotten. */
const forgotten = new FinalizationRegistry<TransportResponse>((response) => response.discard());

/** The answer as providers see it. Its body is read once; errors name the host and the status. */
export function createAnswer(response: TransportResponse, facts: AnswerFacts): Answer {
  const { status, headers, whole } = response;
  const onSuccess = status < 300 ? facts.onSuccess : undefined;
  const hold = (read: HeldAnswer['read']) =>
    onSuccess?.({ spends: facts.spends, envelope: { status, headers, now: Date.now() }, read });
  // Reachable from every way to read the body, and from nothing else.
  const reader = { isRead: false };
  if (!whole) forgotten.register(reader, response, reader);
  const body = () => {
    if (reader.isRead) throw new TypeError('the body of an answer can be read only once');
    reader.isRead = true;
    if (!whole) forgotten.unregister(reader);
    return response.body;
  };
  const onBroken: JsonOptions['onBroken'] = (broken) =>
    hold(async () => {
      if (broken instanceof Uint8Array) return readLoosely(broken);
      return 'documents' in broken ? messagesOf(broken) : broken;
    });
  const explain = (error: unknown) => {
    if (!ImageError.isInstance(error)) return error;
    const { code, message } = error;
    if (code !== 'bad-response') return error;
    const { hint, details, cause } = error;
    return new ImageError('bad-response', facts.redact(`${facts.host} (HTTP ${status}): ${message}`), {
      status,
      mayHaveBeenBilled: error.mayHaveBeenBilled || (facts.spends && status < 300),
      ...(hint && { hint }),
      ...(details !== undefined && { details }),
      ...(cause !== undefined && { cause }),
    });
  };
  const guarded = async <T>(read: () => T | Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    status,
    headers,
    async json() {
      const json = await guarded(() => {
        const stream = body();
        const { memory, signal } = facts;
        const announced = announcedLength(headers);
        const options = { announced, memory, signal, ...(onSuccess && { onBroken }) };
        return whole ? parseJson(whole, options) : parseJsonStream(stream, options);
      });
      hold(async () => json);
      facts.onBody?.(json);
      return json;
    },
    async bytes() {
      const bytes = await guarded(() => readAll(body()));
      hold(() => readLoosely(bytes));
      return bytes;
    },
    async *events() {
      const chunks: Uint8Array[] = [];
      hold(() => readLoosely(Buffer.concat(chunks)));
      try {
        for await (const event of readEvents(upTo(longestBody, onSuccess ? kept(body(), chunks) : body()))) {
          facts.onBody?.(event);
          yield event;
        }
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

/** The chunks, which are also added to `chunks`. */
async function* kept(body: AsyncIterable<Uint8Array>, chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    chunks.push(chunk);
    yield chunk;
  }
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of upTo(longestBody, body)) chunks.push(chunk);
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function* upTo(limit: number, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) {
      throw new ImageError('bad-response', `the answer is longer than ${limit} bytes`, {
        details: { problem: 'too-large', limit },
        hint: 'Check that the base URL is the one of the service.',
      });
    }
    yield chunk;
  }
}
