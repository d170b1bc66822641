import type { LazyProvider } from '@anyimage/core';
import { type Environment, findKey } from '@anyimage/host';

/**
 * One line for who has the key of exactly one service and has not chosen a model: how to use it. Nothing that costs money
 * is chosen silently. `undefined` if there is nothing to advise.
 */
export function adviceFor(providers: readonly LazyProvider[], env: Environment): string | undefined {
  const found = providers.flatMap(({ definition }) => {
    const key = findKey(definition, env);
    return key ? [{ definition, key }] : [];
  });
  const [only, ...more] = found;
  if (!only || more.length > 0) return undefined;
  const { definition, key } = only;
  return `${key.env} is set: -m ${definition.id} draws with ${definition.label}, anyimage use ${definition.id} makes it the usual one`;
}
