// Asking a service which models it has: for servers whose models no table can list, and for what is newer than the table.

import { missingKey, resolveAccess } from './access.ts';
import type { ModelList } from './client.ts';
import { createContext } from './context.ts';
import { createDeadline } from './deadline.ts';
import type { Engine } from './engine.ts';
import { ImageError } from './errors.ts';
import { asImageError, explainError } from './explain.ts';
import { orAbort } from './or-abort.ts';
import type { ListedModel } from './provider.ts';
import type { RunOptions } from './request.ts';
import { withRetries } from './retry.ts';

/** The usual deadline for a list, ms. */
const thirtySeconds = 30_000;

/** See `Client.discover`. */
export async function discover(
  engine: Engine,
  id: string,
  run: Pick<RunOptions, 'signal' | 'timeout'> = {},
): Promise<ModelList> {
  const entry = engine.registry.provider(id);
  const { definition } = entry;
  const deadline = createDeadline(run.timeout ?? thirtySeconds, run.signal, engine.clock.now());
  try {
    const provider = await entry.load();
    if (!provider.discover) {
      const hint = 'Its models are those of its table.';
      throw new ImageError('unsupported', `${definition.label} cannot be asked for its models`, { provider: id, hint });
    }
    const access = resolveAccess(definition, entry.access, engine.env);
    if (definition.keys.length > 0 && !access.key) throw missingKey(definition, access.region, []);
    const ask = () => {
      const context = createContext(engine, provider, access, deadline.signal);
      return orAbort(provider.discover!(context), deadline.signal);
    };
    const { clock, maxRetries, log } = engine;
    const retry = { clock, maxRetries, log, signal: deadline.signal, deadline: deadline.at, spends: false };
    const models = await withRetries(ask, retry).catch((error: unknown) => {
      throw explainError(asImageError(error), { definition, access, name: id });
    });
    return { baseURL: access.baseURL, models: models.map(plain) };
  } finally {
    deadline.clear();
  }
}

function plain({ id, label, retires }: ListedModel): ListedModel {
  return { id, ...(label && { label }), ...(retires && { retires }) };
}
