// Reads the catalogue: the list of models, and for each of them the records of the services behind it.

import { type CallContext, type Day, exchange, ImageError, type ListedModel, present } from '@anyimage/core';
import { type Endpoints, type Entry, readEndpoints, readList } from './catalogue/record.ts';
import { rowOf } from './catalogue/row.ts';
import { serviceError } from './wire.ts';

type Asking = Pick<CallContext, 'http' | 'now' | 'signal' | 'baseURL'>;

/** Records that are asked for at a time. */
const atATime = 8;
/** Of so many models the services are asked for; further ones are listed with what the list says of them. */
const mostAsked = 1000;

/**
 * The models that the service lists, each with the row that its record gives. A model whose record cannot be read has what the list says
 * of it, and no price; one of which neither says anything has no row. Throws `bad-response` for an answer that is no list, and what the service says
 * is wrong; it also does where a record is refused for the key, or for too many requests.
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
  return inTurns(entries, async (entry, index): Promise<ListedModel> => {
    const path = recordOf(entry);
    const services = path !== undefined && index < mostAsked ? await readServices(context, path) : undefined;
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

/** `undefined`: this one cannot be read, which leaves the others. */
async function readServices(context: Asking, to: string): Promise<Endpoints | undefined> {
  try {
    const { envelope, body } = await exchange(context, { to });
    if (envelope.status >= 400) throw serviceError(envelope, body, 'never');
    return readEndpoints(body);
  } catch (error) {
    const concernsAll = ImageError.isInstance(error) && (error.code === 'auth' || error.code === 'rate-limit');
    if (concernsAll || context.signal.aborted || !ImageError.isInstance(error)) throw error;
    return undefined;
  }
}

/** Like `Promise.all`, a few at a time. The first that throws ends it. */
async function inTurns<T, R>(
  values: readonly T[],
  work: (value: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = values.entries();
  const takeTurns = async () => {
    for (const [index, value] of waiting) results[index] = await work(value, index);
  };
  await Promise.all(Array.from({ length: atATime }, takeTurns));
  return results;
}
