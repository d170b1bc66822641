import { createClient, ImageError } from '@anyimage/core';
import { clientOptions, type NamedModels, tellOrigin } from '@anyimage/host';
import type { Settings } from './settings.ts';

/** Resolves a model as a request would, and sends nothing. Throws what a request would throw. `named`: where it was written. */
export async function resolveModel(model: string, settings: Settings, named?: NamedModels): Promise<void> {
  const client = createClient({ ...clientOptions(settings), env: settings.shownEnv });
  try {
    await client.plan({ model, prompt: 'a boat' });
  } catch (error) {
    // The model was found: it only makes no pictures from words.
    if (!ImageError.isInstance(error)) throw error;
    if (error.code !== 'unsupported') throw tellOrigin(error, settings, named);
  } finally {
    await client.close();
  }
}
