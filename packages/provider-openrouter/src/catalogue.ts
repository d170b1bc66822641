// Reads the catalogue: the list of models, and for each of them the records of the services behind it.

import { type CallContext, type Day, exchange, ImageError, type ListedModel, present } from '@anyimage/core';
import { type Endpoints, type Entry, readEndpoints, readList } from './catalogue/record.ts';
import { rowOf } from './catalogue/row.ts';
import { serviceError } from './wire.ts';

type Asking = Pick<CallContext, 'http' | 'now' | 'signal' | 'baseURL'>;

/** Records that are asked for at a time. */
const atATime = 8;
/** How often a record is asked for that does not come. */
const tries = 2;
/** Of so many models the services are asked for; further ones are listed with what the list says of them. */
const mostAsked = 1000;

/**
 * The models that the service lists, each with the row that its record gives. A model whose record cannot be read has what the list says
 * of it, and no price; one of which neither says anything has no row. Throws `bad-response` for an answer that is no list, and what the service says
 * is wrong; it also does where a record is refused for the key, or for too many requests, and where none comes.
 */
export async function discoverModels(context: Asking): Promise<readonly ListedModel[]> {
  const { envelope, body } = await exchange(context, { to: 'images/models' });
  if (envelope.status >= 400) throw serviceError(envelope, body, 'never');
  const entries = readList(body);
  if (!entries) {
    const hint = 'Check the base URL: OpenRouter has its catalogue at images/models below it.';
    throw new ImageError('bad-response', 'the service does not list its models in the documented form', { hint });
  }
  const checked = new Date(context.now()).toISOString().slice(0, 10) as Day;
  let came = 0;
  let failed = 0;
  return inTurns(entries, async (entry, index): Promise<ListedModel> => {
    const path = recordOf(entry);
    const { services, failure } = path !== undefined && index < mostAsked ? await askServices(context, path) : noAnswer;
    if (services) came += 1;
    if (failure) failed += 1;
    // The catalogue is down: a list without prices is worse than the one before.
    if (failure && came === 0 && failed >= Math.min(atATime, entries.length)) throw failure;
    const reading = { source: `${context.baseURL}/${path ?? 'images/models'}`, checked };
    const row = rowOf(entry, services, reading);
    return present({ id: entry.id, label: entry.label, row });
  });
}

/** Where the services of a model are told; `undefined` for an id that would lead elsewhere. */
function recordOf({ id }: Entry): string | undefined {
  const parts = id.split('/');
  const isPlain = parts.every((part) => /^[\w.:@+~-]+$/.test(part) && !/^\.+$/.test(part));
  return isPlain ? `images/models/${parts.map(encodeURIComponent).join('/')}/endpoints` : undefined;
}

/** What came of a record. Neither: it cannot be read, which leaves the others. */
interface Asked {
  readonly services?: Endpoints;
  /** It did not come. */
  readonly failure?: ImageError;
}

const noAnswer: Asked = {};

/** Asks for a record, and again if it does not come. */
async function askServices(context: Asking, path: string): Promise<Asked> {
  for (let attempt = 1; ; attempt++) {
    try {
      return present({ services: await readServices(context, path) });
    } catch (error) {
      const concernsAll = !ImageError.isInstance(error) || error.code === 'auth' || error.code === 'rate-limit';
      if (concernsAll || context.signal.aborted) throw error;
      if (!error.retryable) return noAnswer;
      if (attempt === tries) return { failure: error };
    }
  }
}

/** `undefined`: the record is in no form that is known. */
async function readServices(context: Asking, to: string): Promise<Endpoints | undefined> {
  const { envelope, body } = await exchange(context, { to });
  if (envelope.status >= 400) throw serviceError(envelope, body, 'never');
  return readEndpoints(body);
}

/** Like `Promise.all`, a few at a time. The first that throws ends it. */
async function inTurns<T, R>(
  values: readonly T[],
  work: (value: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = values.entries();
  let isOver = false;
  const takeTurns = async () => {
    for (const [index, value] of waiting) {
      if (isOver) return;
      results[index] = await work(value, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: atATime }, takeTurns));
    return results;
  } finally {
    isOver = true;
  }
}
