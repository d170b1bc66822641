// The state of an asynchronous task.

import { type Envelope, ImageError, type JobState, perhapsMade, quoted } from '@anyimage/core';
import { fromWire, parseAnswer, readAnswer, type ServiceAnswer } from './answer.ts';
import { serviceError, tellsError } from './errors.ts';

/** The code for a wrong field, which is the task's id where nothing else is sent. */
const wrongField = '1214';

/**
 * The body of a failed task is not documented: an `error` in it is used, else its absence is said. Throws what is wrong with the
 * question rather than the task.
 */
export function jobState(envelope: Envelope, body: unknown): JobState {
  const task = parseAnswer(body);
  if (task?.task_status === 'FAIL') return { state: 'failed', error: taskError(envelope, task) };
  const read = readTask(envelope, body);
  if (read instanceof Error) return { state: 'gone', error: read };
  if (read.task_status === 'PROCESSING') return { state: 'running' };
  if (read.task_status === 'SUCCESS') return { state: 'done', result: fromWire(read, envelope.now) };
  throw new ImageError('bad-response', `the service told an unknown task state ${quoted(String(read.task_status))}`, {
    hint: 'Update anyimage, then resume the ticket.',
  });
}

/** The id of the task that was submitted. Throws `bad-response` if there is none. */
export function readTaskId(envelope: Envelope, body: unknown): string {
  const { id } = readAnswer(envelope, body);
  if (id) return id;
  throw new ImageError('bad-response', 'the service took the task but gave no id for it', perhapsMade);
}

/** Whether a task that failed is charged is not documented. */
function taskError(envelope: Envelope, task: ServiceAnswer): ImageError {
  if (tellsError(task)) return serviceError(envelope, task).with({ mayHaveBeenBilled: true });
  return new ImageError('server', 'the service could not make the picture and gave no reason', {
    ...(task.request_id && { requestId: task.request_id }),
    mayHaveBeenBilled: true,
    hint: 'Look at the account before asking again, perhaps with another prompt.',
  });
}

/**
 * A task that the service itself says it does not know, or no longer, is gone. Any other refusal is one of the question: a wrong
 * base URL or a gateway's own page says nothing of the task.
 */
function readTask(envelope: Envelope, body: unknown): ServiceAnswer | ImageError {
  try {
    return readAnswer(envelope, body);
  } catch (error) {
    if (!ImageError.isInstance(error) || error.serviceCode !== wrongField) throw error;
    return error.with(perhapsMade);
  }
}
