// Tasks: their ids, states and cancelling.

import { ImageError, type JobState, perhapsMade, quoted } from '@anyimage/core';
import { badResponse, fromWire, readAnswer, type ServiceAnswer } from './answer.ts';
import { type Envelope, serviceError } from './errors.ts';

/** The id of the task that was submitted. Throws `bad-response` if there is none. */
export function readTaskId(envelope: Envelope, body: unknown): string {
  const id = readAnswer(envelope, body).output?.task_id;
  if (id) return id;
  throw badResponse('the service took the task but gave no id for it', envelope);
}

/**
 * The state of a task, which is told with status 200 also when it failed. Throws what is wrong with the question rather than
 * the task.
 */
export function jobState(envelope: Envelope, body: unknown, seed?: number): JobState {
  const read = readTask(envelope, body);
  if (read instanceof Error) return { state: 'gone', error: read };
  const { task_status: status, code, message } = read.output ?? {};
  switch (status) {
    case 'PENDING':
      return { state: 'queued' };
    case 'RUNNING':
    case 'SUSPENDED':
      return { state: 'running' };
    case 'SUCCEEDED':
      return { state: 'done', result: fromWire(read, envelope, seed) };
    case 'FAILED':
      return { state: 'failed', error: serviceError(envelope, { code, message, requestId: read.request_id }) };
    case 'CANCELED':
      return { state: 'cancelled', error: cancelled() };
    case 'UNKNOWN':
      return { state: 'gone', error: unknown() };
    default:
      throw new ImageError('bad-response', `the service told an unknown task state ${quoted(String(status))}`, {
        hint: 'Update anyimage, then resume the ticket.',
      });
  }
}

function cancelled(): ImageError {
  const hint = 'Ask again: nothing was made.';
  return new ImageError('unavailable', 'the task was cancelled at the service', { hint });
}

function unknown(): ImageError {
  return new ImageError('not-found', 'the task is unknown, or older than 24 hours', perhapsMade);
}

/**
 * A task that the service itself says it does not know is gone. Any other refusal is one of the question: a wrong base URL or a
 * gateway's own page says nothing of the task.
 */
function readTask(envelope: Envelope, body: unknown): ServiceAnswer | ImageError {
  try {
    return readAnswer(envelope, body);
  } catch (error) {
    if (!ImageError.isInstance(error) || !/^not_?found$/i.test(error.serviceCode ?? '')) throw error;
    return error.with(perhapsMade);
  }
}

/**
 * Whether a task was cancelled; only a waiting one can be. The answers' forms are unverified but for their status. Throws what is
 * wrong with the question.
 */
export function readCancelled(envelope: Envelope, body: unknown): 'cancelled' | 'too late' {
  try {
    readAnswer(envelope, body);
    return 'cancelled';
  } catch (error) {
    if (ImageError.isInstance(error) && error.serviceCode && error.code === 'invalid-request') return 'too late';
    throw error;
  }
}
