import type { Client } from './client.ts';
import { createClient } from './create-client.ts';
import type { ImageProvider } from './provider.ts';
import type { ImageRequest, RunOptions } from './request.ts';
import type { GenerateResult } from './result.ts';
import type { DefaultModel, ModelId, TypedRequest } from './typed.ts';

/** One client per provider instance, so that connections and limits are shared between calls. */
const clients = new WeakMap<ImageProvider, Client>();

/**
 * Makes pictures with one provider. A literal `model` narrows the words that the model takes; `model` is an id of the
 * provider's table, default its `defaultModel`. Pictures and tickets stay in memory: for files, several providers, fallback
 * or budgets use `createClient`.
 *
 * Rejects with an `ImageError` only if nothing was made and nothing is pending; if some were made, the rest is in `errors`.
 */
export function generateImage<const P extends ImageProvider, const M extends ModelId<P> = DefaultModel<P>>(
  request: TypedRequest<P, M> & RunOptions & { readonly provider: P; readonly model?: M },
): Promise<GenerateResult> {
  const { provider, model, ...words } = request as ImageRequest & RunOptions & { provider: P; model?: string };
  let client = clients.get(provider);
  if (!client) {
    client = createClient({ providers: [provider] });
    clients.set(provider, client);
  }
  return client.generate({ ...words, model: model === undefined ? provider.id : `${provider.id}/${model}` });
}
