// Asking a service which models it has: for servers whose models no table can list, and for what is newer than the table.

import { hiddenIn, resolveAccess } from '../access/access.ts';
import { createContext } from '../access/context.ts';
import { asImageError, explainAddress, explainError } from '../access/explain.ts';
import { missingKey } from '../access/missing-key.ts';
import type { ModelList } from '../contract/client.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { RunOptions } from '../contract/request.ts';
import { checkShapes } from '../inputs/check-shapes.ts';
import { takeModels } from '../tables/listed-models.ts';
import { utcDay } from '../timing/clock.ts';
import { createDeadline } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { withRetries } from '../timing/retry.ts';

/** The usual deadline for a list, ms. */
const thirtySeconds = 30_000;

/** See `Client.discover`. */
export async function discover(
  engine: Pick<Engine, 'registry' | 'clock' | 'env' | 'log' | 'maxRetries' | 'transport'>,
  id: string,
  run: Pick<RunOptions, 'signal' | 'timeout'> = {},
): Promise<ModelList> {
  checkShapes(run);
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
    const missing = missingKey(entry, access);
    if (missing) throw missing;
    const ask = async () => {
      const context = createContext(engine, provider, access, deadline.signal);
      const models: unknown = await orAbort(provider.discover!(context), deadline.signal);
      if (Array.isArray(models)) return models as readonly unknown[];
      throw new ImageError('bad-response', `${definition.label} did not answer with a list of models`);
    };
    const { clock, maxRetries, log } = engine;
    const retry = { clock, maxRetries, log, signal: deadline.signal, deadline: deadline.at, spends: false };
    const models = await withRetries(ask, retry).catch((error: unknown) => {
      const failure = explainError(explainAddress(asImageError(error), access), { definition, access, name: id });
      const hint = 'Try again later; a model can be named without the list.';
      throw failure.code === 'timeout' ? failure.with({ hint }) : failure;
    });
    const taking = { label: definition.label, key: hiddenIn(access), today: utcDay(clock) };
    return { baseURL: access.baseURL, ...takeModels(models, taking) };
  } finally {
    deadline.clear();
  }
}
