// What a line from the client is: a message that the SDK takes, or what it is answered with as JSON-RPC says.

import { isAscii } from 'node:buffer';
import { type JSONRPCMessage, ProtocolErrorCode, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { LongLine } from './lines.ts';
import { isRecord } from './records.ts';

type Id = string | number;

export interface Refusal {
  readonly jsonrpc: '2.0';
  /** `null`: the request names none that can be read. */
  readonly id: Id | null;
  readonly error: { readonly code: number; readonly message: string };
}

export interface Reading {
  readonly messages: readonly JSONRPCMessage[];
  readonly refusals: readonly Refusal[];
}

/** A message of more values is refused before it is parsed: that alone would keep everybody waiting. */
const mostValues = 1_000_000;
/** Shorter lines cannot hold so many. */
const countedBytes = mostValues;

/** Reads a line. A list of messages, which some versions of the protocol have, is read one by one. */
export function readLine(line: Buffer): Reading {
  if (line.length === 0 || (line.length === 1 && line[0] === 0x0d)) return { messages: [], refusals: [] };
  if (line.length > countedBytes && !holdsAtMost(line, mostValues)) {
    const { start, end } = endsOf(line);
    return refused(idInEnds(start, end), `a message may hold at most ${mostValues} values`);
  }
  let value: unknown;
  try {
    // Without other letters, a text is its bytes: ten times as fast.
    value = JSON.parse(line.toString(isAscii(line) ? 'latin1' : 'utf8'));
  } catch {
    const text = 'this line is no JSON; each message is one line of it';
    return { messages: [], refusals: [refusal(ProtocolErrorCode.ParseError, null, text)] };
  }
  if (!Array.isArray(value)) return readValue(value);
  if (value.length === 0) return refused(null, 'a list of messages must not be empty');
  const readings = value.map(readValue);
  return {
    messages: readings.flatMap(({ messages }) => messages),
    refusals: readings.flatMap(({ refusals }) => refusals),
  };
}

/** The answer to a line that was too long to be read. */
export function refuseLongLine({ start, end, bytes }: LongLine, mostBytes: number): Refusal {
  const text = `a message may have at most ${mostBytes} bytes (got ${bytes}); give a picture by its path or URL`;
  return refusal(ProtocolErrorCode.InvalidRequest, idInEnds(start, end), text);
}

function readValue(value: unknown): Reading {
  if (!isRecord(value)) return refused(null, 'a message is an object');
  const { jsonrpc, id, method, params, result, error } = value;
  // An answer that nobody can read gets none: two programs could go on so for ever.
  const isAnswer = method === undefined && (result !== undefined || error !== undefined);
  const isNotification = typeof method === 'string' && id === undefined;
  try {
    const answer = { jsonrpc, ...(id !== undefined && { id }), ...(error === undefined ? { result } : { error }) };
    const asked = { jsonrpc, ...(id !== undefined && { id }), method, ...(isRecord(params) && { params }) };
    const wrongParams = !isAnswer && params !== undefined && params !== null && !isRecord(params);
    if (!wrongParams) return { messages: [parseJSONRPCMessage(isAnswer ? answer : asked)], refusals: [] };
  } catch {
    // Told below.
  }
  if (isAnswer || isNotification) return { messages: [], refusals: [] };
  const known = typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : null;
  return refused(
    known,
    'a request has jsonrpc "2.0", an id (text or whole number), a method (text) and params (an object, or none)',
  );
}

function refused(id: Id | null, message: string): Reading {
  return { messages: [], refusals: [refusal(ProtocolErrorCode.InvalidRequest, id, message)] };
}

function refusal(code: ProtocolErrorCode, id: Id | null, message: string): Refusal {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

/** Whether JSON holds at most so many values. Texts are skipped at the speed of memory. */
function holdsAtMost(line: Buffer, most: number): boolean {
  let values = 0;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at];
    if (sign === 0x22) {
      at = endOfText(line, at + 1);
    } else if (sign === 0x2c || sign === 0x3a || sign === 0x5b || sign === 0x7b) {
      values += 1; // , : [ {
      if (values > most) return false;
    }
  }
  return true;
}

/** Where the text that begins at `from` ends: at a quotation mark with an even number of backslashes before it. */
function endOfText(line: Buffer, from: number): number {
  for (let at = line.indexOf(0x22, from); at !== -1; at = line.indexOf(0x22, at + 1)) {
    let before = at;
    while (before > from && line[before - 1] === 0x5c) before -= 1;
    if ((at - before) % 2 === 0) return at;
  }
  return line.length;
}

function endsOf(line: Buffer): { readonly start: string; readonly end: string } {
  return { start: line.subarray(0, 4096).toString(), end: line.subarray(-4096).toString() };
}

const idPattern = String.raw`"id"\s*:\s*("(?:[^"\\]|\\.){0,200}"|-?\d{1,15})`;
const wordPattern = String.raw`"(?:jsonrpc|method)"\s*:\s*"[^"\\]{0,200}"`;
const idAtStart = new RegExp(String.raw`^\s*\{\s*(?:${wordPattern}\s*,\s*){0,2}${idPattern}\s*[,}]`);
const idAtEnd = new RegExp(
  String.raw`,\s*(?:${wordPattern}\s*,\s*){0,2}${idPattern}\s*(?:,\s*${wordPattern}\s*){0,2}\}\s*$`,
);

/** The id of a request of which only the ends are known: clients write it before the params, or after them. */
function idInEnds(start: string, end: string): Id | null {
  const [, id] = idAtStart.exec(start) ?? idAtEnd.exec(end) ?? [];
  return id === undefined ? null : JSON.parse(id);
}
