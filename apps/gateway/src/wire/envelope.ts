// OpenAI's error envelope, made of what core or the gateway refuses with.

import { ImageError, isRecord, type Json } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import { type ErrorRow, errorTable } from './error-table.ts';
import { paramOf } from './param-names.ts';

/** An error as it is answered, and kept for who asks again. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: { readonly error: { readonly [member: string]: Json } };
}

/** A refusal of the gateway's own, with a status or code that the table has no row for. Thrown as core's errors are. */
export class Refusal extends Error {
  readonly answer: ErrorAnswer;

  constructor(
    row: ErrorRow,
    message: string,
    facts: { readonly param?: string; readonly headers?: ErrorAnswer['headers']; readonly more?: Json } = {},
  ) {
    super(message);
    const { param = null, headers = {}, more } = facts;
    const { status, type, code } = row;
    this.answer = {
      status,
      headers: { 'x-should-retry': 'false', ...headers },
      body: { error: { message, type, code, param, ...(isRecord(more) && (more as object)) } },
    };
  }
}

/** A refusal of what a caller sent: 400 unless another status is given. */
export function badRequest(message: string, code: string, param?: string, status = 400): Refusal {
  return new Refusal({ status, type: 'invalid_request_error', code }, message, param === undefined ? {} : { param });
}

/** Whatever was thrown, as it is answered. Its `anyimage` says what OpenAI's envelope has no word for. */
export function errorAnswer(thrown: unknown): ErrorAnswer {
  if (thrown instanceof Refusal) return thrown.answer;
  const error = ImageError.isInstance(thrown) ? thrown : unexpected(thrown, {});
  const { status, type, code } = rowOf(error);
  const { provider, model, serviceCode, requestId, retryAfter, tickets, hint, details, mayHaveBeenBilled } = error;
  const param = paramIn(error);
  const mayRetry = (error.retryable || error.code === 'aborted') && !mayHaveBeenBilled;
  return {
    status,
    headers: {
      'x-should-retry': String(mayRetry),
      ...(mayRetry && retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter / 1000)) }),
    },
    body: {
      error: {
        message: hint ? `${sentence(error.message)} ${hint.replace(asLibrary, asHeader)}` : error.message,
        type,
        code,
        param,
        anyimage: JSON.parse(
          JSON.stringify({
            code: error.code,
            provider,
            model,
            service_code: serviceCode,
            service_status: error.status,
            request_id: requestId,
            may_have_been_billed: mayHaveBeenBilled,
            tickets,
            details: isShort(details) ? details : undefined,
          }),
        ),
      },
    },
  };
}

/** How core says to a program what is a header here. */
const asLibrary = 'negotiation: "adapt"';
const asHeader = 'the header x-anyimage-negotiation: adapt';

/** A model that is not there has OpenAI's own code. */
function rowOf(error: ImageError): ErrorRow {
  const row = errorTable[error.code];
  if (error.code === 'not-found' && paramIn(error) === 'model') return { ...row, code: 'model_not_found' };
  if (error.code === 'invalid-request' && paramIn(error) === 'model') return { ...row, code: 'invalid_model' };
  return row;
}

/** The field that an error is of; `null` = none. */
function paramIn({ code, details, serviceCode = '' }: ImageError): string | null {
  const option = isRecord(details) ? details.option : undefined;
  const asked = isRecord(details) ? details.asked : undefined;
  // A model without any options of its own names none of those that were given.
  if (option === 'providerOptions' && isRecord(asked)) return paramOf(`providerOptions.${Object.keys(asked)[0]}`);
  if (typeof option === 'string') return paramOf(option);
  // What no table knows, the service may not know either.
  const isOfModel = code === 'not-found' && (/model/i.test(serviceCode) || (isRecord(details) && 'allowed' in details));
  return isOfModel ? 'model' : null;
}

/** What is long repeats a picture that was sent. */
const longestDetails = 4000;

function isShort(details: Json | undefined): boolean {
  return JSON.stringify(details ?? null).length <= longestDetails;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
