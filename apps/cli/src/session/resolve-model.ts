import { createClient, ImageError } from '@anyimage/core';
import { clientOptions } from '@anyimage/host';
import type { Settings } from './settings.ts';

/** Resolves a model's name as a request would, and sends nothing. Throws what a request would throw. */
export async function resolveModel(model: string, settings: Settings): Promise<void> {
  const client = createClient({ ...clientOptions(settings), env: settings.shownEnv });
  try {
    await client.plan({ model, prompt: 'a boat' });
  } catch (error) {
    // The model was found: it only makes no pictures from words.
    if (!ImageError.isInstance(error) || error.code !== 'unsupported') throw error;
  } finally {
    await client.close();
  }
}
