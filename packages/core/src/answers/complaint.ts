// What the body of an answer complains of, in whichever form a service, a relay or a gateway says it.

import { isRecord, present } from '../contract/objects.ts';
import { isMessages } from '../http/body/loose.ts';

/** The service's words. Everything is optional: a gateway's own page says nothing. */
export interface Said {
  readonly message?: string;
  /** The most precise first. */
  readonly codes: readonly string[];
  /** The field that is wrong. */
  readonly field?: string;
}

/** How many errors deep a relay wraps the one that it was told. */
const deepest = 4;

/**
 * The complaint of a refusal: `error` (an object, a text, or JSON in a text, as relays wrap the error that they were told), `errors`,
 * `detail`, or bare fields. The innermost error says most.
 */
export function readComplaint(body: unknown): Said {
  return complaintOf(body, deepest) ?? { codes: [] };
}

/**
 * The complaint of an answer with a good status, or of the last of several messages that complains; `undefined` if none does. A model
 * that refuses says so in the forms of its chat, and has `content_filter` among its codes.
 */
export function failureIn(body: unknown): Said | undefined {
  const messages = messagesIn(body);
  return messages.map(failureOf).findLast((said) => said !== undefined) ?? refusalIn(messages, deepestRefusal);
}

/** Several messages may have come as one body, or as a list. */
function messagesIn(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  return isMessages(body) ? body.messages : [body];
}

function failureOf(body: unknown): Said | undefined {
  if (!isRecord(body) || body instanceof Uint8Array) return undefined;
  const { success, ok, status, state } = body;
  const isTold = isSaid(body.error) || isSaid(body.errors) || success === false || ok === false;
  const hasFailed = [status, state].some((word) => typeof word === 'string' && /^(fail|error|reject)/i.test(word));
  const said = readComplaint(body);
  const isRefused = said.message !== undefined && said.codes.some((code) => !isGood(code));
  return isTold || hasFailed || isRefused ? said : undefined;
}

/** How deep in an answer a model says that it refuses. */
const deepestRefusal = 8;
const reasonNames = /^(native_?)?(finish|stop|block|end)?_?reason$/i;
const refusing = /content_?filter|safety|prohibited|block_?list|sensitive|moderat|refus|recitation|polic/i;

/** What a model refuses: `refusal` in a message or as the type of a part, or a reason for its end that names a filter. */
function refusalIn(value: unknown, depth: number): Said | undefined {
  if (depth === 0 || typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value).slice(0, 1000);
  const words = entries.find(([name, text]) => name === 'refusal' && textOf(text) !== undefined)?.[1];
  const reason = entries.find(([name, text]) => reasonNames.test(name) && refusing.test(String(text)))?.[1];
  if (words !== undefined || reason !== undefined) {
    const message = textOf(words);
    return { codes: [...(reason === undefined ? [] : [String(reason)]), 'content_filter'], ...present({ message }) };
  }
  return entries.map(([, inner]) => refusalIn(inner, depth - 1)).find((said) => said !== undefined);
}

/** What a model wrote in a chat in place of a picture, in the forms of several services; `undefined` if it wrote nothing. */
export function wordsIn(body: unknown): string | undefined {
  const pieces = messagesIn(body).flatMap((message) => {
    const { choices, output, candidates, content, message: said } = isRecord(message) ? message : {};
    return [choices, output, candidates, content, isRecord(said) ? said : undefined].flatMap((one) =>
      textsIn(one, deepestRefusal),
    );
  });
  return textOf(pieces.join(''));
}

function textsIn(value: unknown, depth: number): string[] {
  if (depth === 0 || typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const isText = typeof inner === 'string' && (name === 'text' || name === 'content');
    return isText ? [inner] : textsIn(inner, depth - 1);
  });
}

function complaintOf(value: unknown, depth: number): Said | undefined {
  if (depth === 0) return undefined;
  if (typeof value === 'string') return ofText(value, depth);
  if (Array.isArray(value)) return ofList(value, depth);
  if (!isRecord(value)) return undefined;
  const own = ofFields(value);
  const { error, errors, detail, Response: response, base_resp: base, inner_error, innererror, metadata } = value;
  const explained = own.codes[0] === error ? undefined : error;
  const places = [
    explained,
    errors,
    detail,
    isRecord(response) ? response.Error : undefined,
    base,
    innererror,
    inner_error,
  ];
  const inner = [...places, metadata]
    .filter(isSaid)
    .map((one) => complaintOf(one, depth - 1))
    .find((said) => said && (said.message !== undefined || said.codes.length > 0));
  const wrapped = own.message === undefined ? undefined : embedded(own.message, depth);
  return merged(merged(wrapped, inner), own);
}

/** What the inner error says counts; what it leaves open, the outer one may tell. */
function merged(inner: Said | undefined, outer: Said | undefined): Said | undefined {
  if (!inner || !outer) return inner ?? outer;
  const message = inner.message ?? outer.message;
  const field = inner.field ?? outer.field;
  return { codes: [...new Set([...inner.codes, ...outer.codes])], ...present({ message, field }) };
}

function ofFields(value: Readonly<Record<string, unknown>>): Said {
  const words = [
    value.message,
    value.msg,
    value.Message,
    value.errmsg,
    value.error_msg,
    value.error_message,
    value.status_msg,
  ];
  const message = [...words, value.raw, value.reason].map(textOf).find((text) => text !== undefined);
  const named = [value.code, value.Code, value.error_code, value.errcode, value.err_code, value.status_code];
  const codes = [...named, value.type].map(codeOf).filter((code) => code !== undefined);
  // stable-diffusion.cpp names the error in `error` and explains it in `message`.
  const isName = typeof value.error === 'string' && message !== undefined && /^[\w.-]+$/.test(value.error);
  return { codes: isName ? [String(value.error), ...codes] : codes, ...present({ message, field: fieldOf(value) }) };
}

function ofText(text: string, depth: number): Said | undefined {
  if (isPage(text)) return undefined;
  const message = textOf(text);
  return merged(embedded(text, depth), message === undefined ? undefined : { codes: [], message });
}

/** Of FastAPI (`loc`, `msg`), or of errors in any form. */
function ofList(list: readonly unknown[], depth: number): Said | undefined {
  const said = list.slice(0, 20).map((one) => complaintOf(one, depth - 1));
  const messages = said.flatMap((one) => one?.message ?? []);
  const [first] = said;
  if (!first) return undefined;
  return { ...first, ...(messages.length > 1 && { message: messages.join('; ') }) };
}

/** An error that a relay put into its own message as JSON. */
function embedded(text: string, depth: number): Said | undefined {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start || end - start > 100_000) return undefined;
  try {
    return complaintOf(JSON.parse(text.slice(start, end + 1)), depth - 1);
  } catch {
    return undefined;
  }
}

function fieldOf({ param, loc, field }: Readonly<Record<string, unknown>>): string | undefined {
  if (Array.isArray(loc)) return loc.filter((part) => part !== 'body').join('.') || undefined;
  const named = param ?? field;
  if (typeof named !== 'string' && typeof named !== 'number') return undefined;
  return /^(none|null|undefined|nil|)$/i.test(String(named).trim()) ? undefined : String(named);
}

function codeOf(code: unknown): string | undefined {
  if (typeof code === 'number') return String(code);
  return typeof code === 'string' && code.trim() !== '' && !/^(none|null|undefined)$/i.test(code) ? code : undefined;
}

function isGood(code: string): boolean {
  return /^(0+|200|2\d\d|success|ok|succeeded)$/i.test(code);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

/** Whether an `error` of an answer says anything: many hold an empty one in every answer. */
export function isSaid(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : !!value;
}

function isPage(text: string): boolean {
  return /^\s*(<!doctype|<html)/i.test(text);
}
