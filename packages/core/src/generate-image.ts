import type { Client } from './contract/client.ts';
import { ImageError } from './contract/errors.ts';
import type { ImageProvider } from './contract/provider.ts';
import type { ImageRequest, RunOptions } from './contract/request.ts';
import type { GenerateResult } from './contract/result.ts';
import { createClient } from './create-client.ts';
import type { DefaultModel, ModelId, NamesModel, TypedRequest } from './typed.ts';

/** One client per provider instance, so that connections and limits are shared between calls. */
const clients = new WeakMap<ImageProvider, Client>();

/**
 * Makes pictures with one provider. A literal `model` narrows the words that the model takes; `model` is an id of the
 * provider's table, default its `defaultModel`. Pictures and tickets stay in memory: for files, several providers, fallback
 * or budgets use `createClient`.
 *
 * Rejects with an `ImageError` if no picture is here: then its `tickets` name what was paid for and is still to come. If some are here,
 * what became of the others is in `errors` and `pending`.
 */
export async function generateImage<const P extends ImageProvider, const M extends string = DefaultModel<P>>(
  request: TypedRequest<P, M> &
    RunOptions & {
      readonly provider: P;
      readonly model?: (M & NamesModel<P, M>) | NoInfer<ModelId<P>>;
    },
): Promise<GenerateResult> {
  const { provider, model, ...words } = request as ImageRequest & RunOptions & { provider: P; model?: string };
  if (typeof provider !== 'object' || provider === null || !('models' in provider)) {
    throw new ImageError('invalid-request', 'no provider is given', {
      details: { option: 'provider' },
      hint: 'Give one, such as provider: sketch(), or make a client with several.',
    });
  }
  let client = clients.get(provider);
  if (!client) {
    client = createClient({ providers: [provider] });
    clients.set(provider, client);
  }
  return client.generate({ ...words, model: nameOf(provider, model) });
}

/** Results name their model `provider/model`; that name is understood too. */
function nameOf({ id, models }: ImageProvider, model: string | undefined): string {
  if (model === undefined) return id;
  return model.startsWith(`${id}/`) && !Object.hasOwn(models, model) ? model : `${id}/${model}`;
}
