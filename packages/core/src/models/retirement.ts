// Models that their service has ended: who takes their place, and when a request may move there.

import { regionOfURL, resolveAccess } from '../access/access.ts';
import { type ModelCapabilities, modelStatus, rowIn } from '../contract/capabilities.ts';
import type { Engine, ModelEntry } from '../contract/engine.ts';
import type { Money } from '../contract/provider.ts';
import { utcDay } from '../timing/clock.ts';

type Surroundings = Pick<Engine, 'clock' | 'env'>;

/** The model whose limits a request must keep: under `adapt`, a retired model's successor. */
export function modelInUse(engine: Surroundings, model: ModelEntry, adapt: boolean): ModelEntry {
  const next = adapt && isRetired(engine, model) ? successorOf(engine, model) : undefined;
  return next ?? model;
}

/** Whether the service itself has ended the model. A host of one's own may still offer it. */
export function isRetired(engine: Surroundings, { entry: { definition, access }, row }: ModelEntry): boolean {
  const { baseURL, region } = resolveAccess(definition, access, engine.env);
  if (modelStatus(rowIn(row, region), utcDay(engine.clock)) !== 'retired') return false;
  return regionOfURL(definition, baseURL) !== undefined;
}

/** The model that took a retired one's place and is there today; undefined if there is none. */
export function successorOf({ clock, env }: Surroundings, model: ModelEntry): ModelEntry | undefined {
  const today = utcDay(clock);
  const { definition, access } = model.entry;
  const { models } = definition;
  const { region } = resolveAccess(definition, access, env);
  const nextOf = (row: ModelCapabilities) => rowIn(row, region).successor;
  const seen = new Set([model.id]);
  for (let id = nextOf(model.row); id !== undefined && !seen.has(id); id = nextOf(models[id]!)) {
    const row = Object.hasOwn(models, id) ? models[id] : undefined;
    if (!row) return undefined;
    if (modelStatus(rowIn(row, region), today) !== 'retired') return { ...model, id, row };
    seen.add(id);
  }
  return undefined;
}

/** Whether the successor is known to cost no more than the retired model did. */
export function isNoDearer(next: Money | null, before: Money | null): boolean {
  if (next === null) return false;
  if (next.amount === 0) return true;
  return before !== null && before.currency === next.currency && next.amount <= before.amount;
}
