// stdin and stdout as a transport of the SDK. Whatever comes is answered; each answer tells when it was written.

import { stdin as processStdin, stdout as processStdout } from 'node:process';
import { type JSONRPCMessage, ProtocolErrorCode, serializeMessage, type Transport } from '@modelcontextprotocol/server';
import type { ToolResult } from '../../results/tool-result.ts';
import { LineSplitter } from './lines.ts';
import { type Refusal, readLine, refuseLongLine } from './messages.ts';
import { isRecord } from './records.ts';

type Id = string | number;

/** An input picture may come as a data: URI in one message. */
const mostBytes = 100 * 2 ** 20;

/** Answers that are remembered: a client that gives up says so at about the same time. */
const mostRemembered = 20;

type Heard = Pick<ToolResult, 'onDelivered' | 'onMissed'>;

export interface StdioOptions {
  readonly stdin?: NodeJS.ReadableStream;
  readonly stdout?: NodeJS.WritableStream;
}

/** Serves one client, until stdin ends or stdout breaks. */
export class StdioTransport implements Transport {
  onmessage?: NonNullable<Transport['onmessage']>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #stdin: NodeJS.ReadableStream;
  readonly #stdout: NodeJS.WritableStream;
  readonly #lines = new LineSplitter(mostBytes, {
    onLine: (line) => this.#read(line),
    onLongLine: (line) => this.#write(refuseLongLine(line, mostBytes)),
  });
  /** By the id of a request: who wants to know that its answer was written, */
  readonly #delivered = new Map<Id, Heard>();
  /** and, of the last that were written, that the client had given up before. */
  readonly #written = new Map<Id, Heard>();
  readonly #listening = Promise.withResolvers<void>();
  #closed = false;

  constructor({ stdin = processStdin, stdout = processStdout }: StdioOptions = {}) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  /** Resolves when the client wants to hear of changes: in the new era the SDK answers that by itself. */
  get listening(): Promise<void> {
    return this.#listening.promise;
  }

  async start(): Promise<void> {
    const close = () => void this.close();
    this.#stdin.on('data', this.#take);
    this.#stdin.once('end', close);
    this.#stdin.once('close', close);
    this.#stdin.on('error', close);
    this.#stdout.on('error', close);
  }

  /** Tells once the answer to the request is written, unless it is taken back; and if it is taken back after that. */
  whenAnswered(id: Id, signal: AbortSignal, heard: Heard): void {
    if (!heard.onDelivered) return;
    this.#delivered.set(id, heard);
    signal.addEventListener('abort', () => this.#delivered.delete(id), { once: true });
  }

  /** Resolves when the message is with the system. */
  send(message: JSONRPCMessage): Promise<void> {
    return this.#write(withRightCode(message));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stdin.off('data', this.#take);
    this.#stdin.pause();
    this.onclose?.();
  }

  readonly #take = (chunk: Buffer) => this.#lines.push(chunk);

  #read(line: Buffer): void {
    const { messages, refusals } = readLine(line);
    for (const refusal of refusals) this.#write(refusal);
    for (const message of messages) {
      if ('method' in message && message.method === 'subscriptions/listen') this.#listening.resolve();
      if ('method' in message && message.method === 'notifications/cancelled') {
        this.#written.get(message.params?.requestId as Id)?.onMissed?.();
      }
      this.onmessage?.(message);
    }
  }

  async #write(message: JSONRPCMessage | Refusal): Promise<void> {
    if (this.#closed) return;
    const { id } = message as { readonly id?: Id | null };
    const isAnswer = !('method' in message) && id !== undefined && id !== null;
    const heard = isAnswer ? this.#delivered.get(id) : undefined;
    if (isAnswer) this.#delivered.delete(id);
    const written = Promise.withResolvers<void>();
    // What fails ends the connection, by the stream's own event.
    this.#stdout.write(serializeMessage(message as JSONRPCMessage), (error) => {
      if (heard && !error) this.#heard(id as Id, heard);
      written.resolve();
    });
    await written.promise;
  }

  #heard(id: Id, heard: Heard): void {
    this.#written.set(id, heard);
    for (const oldest of this.#written.keys()) if (this.#written.size > mostRemembered) this.#written.delete(oldest);
    heard.onDelivered?.();
  }
}

/** The SDK calls wrong words of a request its own failure, or not, and lists them as its schema library does. */
function withRightCode(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message)) return message;
  const problems = problemsIn(message.error.message);
  if (problems === undefined) return message;
  return { ...message, error: { code: ProtocolErrorCode.InvalidParams, message: `Invalid params: ${problems}` } };
}

/** `params.uri: expected string`: the first of the problems that the schema library found, if the text is a list of such. */
function problemsIn(text: string): string | undefined {
  const from = text.search(/\[\s*\{\s*"/);
  if (from === -1) return undefined;
  try {
    const [first] = JSON.parse(text.slice(from));
    if (!isRecord(first) || !Array.isArray(first.path)) return undefined;
    return `${first.path.join('.')}: ${String(first.message)}`.slice(0, 300);
  } catch {
    return undefined;
  }
}
