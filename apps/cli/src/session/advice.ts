import type { LazyProvider } from '@anyimage/core';
import { type Environment, findKey } from '@anyimage/host';
import { translated } from '../print/words/translated.ts';

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
  const { id, label } = definition;
  return translated(
    '{variable} is set: -m {provider} draws with {service}, anyimage use {provider} makes it the usual one',
    { variable: key.env, provider: id, service: label },
  );
}
