import { ImageError, type LazyProvider, placeOf } from '@anyimage/core';
import { modelsText, serviceText } from '../print/provider-text.ts';
import { translated } from '../print/words/translated.ts';
import type { Settings } from '../session/settings.ts';
import { type Check, failed } from './check.ts';

/** Loads the code of every provider, which also finds missing native parts, and finds out where it is reached. */
export async function checkProviders(settings: Settings): Promise<Check[]> {
  return Promise.all(settings.providers.map((provider) => checkProvider(provider, settings)));
}

async function checkProvider({ definition, load, access }: LazyProvider, settings: Settings): Promise<Check> {
  try {
    const provider = (await load())(access);
    const same = provider.id === definition.id;
    if (!same) throw new Error(`its code says ${provider.id}, its manifest ${definition.id}`);
  } catch (error) {
    const problem = failed('provider', error);
    // A plugin says itself what is wrong with it, and what to do.
    const what = ImageError.isInstance(error)
      ? definition.id
      : translated('{provider} cannot be loaded', { provider: definition.id });
    return { ...problem, message: `${what}: ${problem.message}` };
  }
  try {
    placeOf(definition, access ?? {}, settings.shownEnv);
  } catch (error) {
    const problem = failed('provider', error);
    return { ...problem, message: `${definition.id}: ${problem.message}` };
  }
  const message = `${definition.id}: ${serviceText(definition, settings)}${translated(', ')}${modelsText(definition)}`;
  return { name: 'provider', state: 'ok', message };
}
