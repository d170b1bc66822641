// What a caller is told where a ticket stands for a picture that is not here: what became of it, and what to do.

import { type ErrorCode, ImageError, problemOf } from '../contract/errors.ts';
import { isRecord, present } from '../contract/objects.ts';
import type { Ticket } from '../contract/tickets.ts';
import { isLocal } from '../http/address-guard.ts';
import { asImageError } from './explain.ts';

/** Whether what a ticket stands for may cost something, whatever becomes of it: all but what is known not to be sent. */
export function mayBePaid({ state, uncertain }: Pick<Ticket, 'state' | 'uncertain'>): boolean {
  return state !== 'intended' || uncertain === true;
}

/** Of a job that was asked about in vain. */
export function stillRunning(error: unknown, ticket: Ticket): ImageError {
  const known = asImageError(error);
  if (isUnreached(known)) return unreached(known, ticket);
  if (known.code === 'not-found') return perhapsGone(known, ticket);
  const next = `The job goes on at the service: resume ticket ${ticket.id} to fetch the picture without paying again.`;
  // What ends with time needs no other advice.
  const isPassing = known.retryable || known.code === 'aborted' || known.hint === undefined;
  return known.with({ mayHaveBeenBilled: true, hint: isPassing ? next : `${known.hint} ${next}` });
}

/** Of a job that the service says it does not know, or not any more. `error`: how it says that. */
export function gone(error: ImageError, { id }: Ticket): ImageError {
  const { provider, model, status, serviceCode, requestId, details } = error;
  return new ImageError('not-found', `the service does not know the job any more: ${error.message}`, {
    ...present({ provider, model, status, serviceCode, requestId, details }),
    cause: error,
    mayHaveBeenBilled: true,
    hint:
      'Look at the account of the service: the picture may have been made and billed. ' +
      `To ask once more, which costs nothing, resume ticket ${id}; if nothing is to be found, drop the ticket.`,
  });
}

/** Whether a refusal says that there is no such job. One of the address, or of a gateway on the way, says nothing of the job. */
export function isOfJob({ code, status = 200, serviceCode = '', message }: ImageError): boolean {
  const isRefusal = code === 'not-found' || code === 'invalid-request';
  if (!isRefusal || !askable.has(status)) return false;
  return jobCode.test(serviceCode) || jobWords.test(message) || (status === 410 && serviceCode !== '');
}

/** What services answer with where there is no such job. */
const askable: ReadonlySet<number> = new Set([200, 400, 404, 410, 422]);
const job = '(?:tasks?|jobs?|predictions?|generations?|request[ _-]?id)(?:[ _-]?id)?';
const missing =
  "not[ _-]?(?:found|exists?)|(?:does|did|do)(?: not|n't) exist|no longer|expired|unknown|不存在|未找到|已?过期";
const jobCode = new RegExp(
  `^(?:${job}[ _.-]?(?:is[ _-])?(?:${missing})|(?:unknown|invalid|expired)[ _-]?${job}|not_?found)$`,
  'i',
);
const jobWords = new RegExp(
  `\\b${job}\\b[^.;]{0,60}?(?:${missing})|\\b(?:no such|unknown|invalid|expired) ${job}\\b|\\bid is invalid|任务.{0,20}(?:${missing})`,
  'i',
);

/** What a caller should know of a picture that is paid for: how to get it, and that it may be gone. */
export function resumable(error: ImageError, ticket: Ticket): ImageError {
  const { id, service } = ticket;
  if (isUnreached(error)) return unreached(error, ticket);
  const isGone = error.code === 'not-found' && service === undefined;
  const next = isGone
    ? `The picture is paid for: resume ticket ${id} to try once more without paying again; drop it if it is gone for good.`
    : `The picture is made and paid for: resume ticket ${id} to fetch it without paying again.`;
  return error.with({ mayHaveBeenBilled: true, hint: isForPerson(error) ? `${error.hint} ${next}` : next });
}

/** What a caller should know of bytes that were here and could be kept nowhere. */
export function unkept(error: ImageError, { id }: Ticket): ImageError {
  const next = `The picture was paid for, and its bytes could be kept nowhere; ticket ${id} says so until it is dropped.`;
  return error.with({ mayHaveBeenBilled: true, hint: error.hint ? `${error.hint} ${next}` : next });
}

/** Of a call whose answer was not waited for: of what it made, nobody will hear. Any other error says itself what became of the call. */
export function unheard(error: ImageError, { id, service }: Ticket): ImageError {
  if (error.code !== 'aborted' && error.code !== 'timeout') return error;
  const next =
    service === undefined
      ? 'It was sent, and may have been made and billed: look at the account of the service before asking again, ' +
        `and drop ticket ${id} then.`
      : `The service may have taken it: resume ticket ${id} to ask for it without paying again.`;
  return error.with({ hint: error.code === 'timeout' && error.hint ? `${error.hint} ${next}` : next });
}

/** Whether a request came to nobody: no connection, no such name, a proxy that let nothing through. */
export function isUnreached(error: unknown): boolean {
  return problemOf(error) === 'unreached';
}

/** Nothing is known of the picture that was not known before. */
function unreached(error: ImageError, { id }: Ticket): ImageError {
  const host = isRecord(error.details) ? String(error.details.host) : 'the service';
  const next = `resume ticket ${id}: nothing is paid anew.`;
  // A server on this machine or in this network is one's own; without retryable, something else stands in the way.
  const hint =
    error.retryable && isLocal(host)
      ? `Start the server at ${host}, then ${next}`
      : `${error.hint ?? ''} When ${host} can be reached again, ${next}`.trim();
  return error.with({ mayHaveBeenBilled: true, hint });
}

/** A 404 of a wrong address, or of a gateway, looks like that of a service that has no such job. */
function perhapsGone(error: ImageError, { id }: Ticket): ImageError {
  const isOfAddress = isRecord(error.details) && error.details.option === 'baseURL';
  const next =
    'If the address is right, the service does not know the job any more: ' +
    `then look at the account, where it may have been billed, and drop the ticket. Else resume ticket ${id}: nothing is paid anew.`;
  return error.with({ mayHaveBeenBilled: true, hint: isOfAddress ? `${error.hint} ${next}` : next });
}

/** Whether nothing will come of it before somebody has done what the hint says. */
function isForPerson(error: ImageError): boolean {
  return error.hint !== undefined && (setUp.has(error.code) || problemOf(error) === 'address' || isOfLength(error));
}

/** Whether a picture is longer than the client takes. */
export function isOfLength({ details }: ImageError): boolean {
  return isRecord(details) && details.option === 'maxImageBytes';
}

/** Errors that a person ends by changing how anyimage is set up. */
const setUp: ReadonlySet<ErrorCode> = new Set(['auth', 'permission', 'quota', 'config', 'storage']);
