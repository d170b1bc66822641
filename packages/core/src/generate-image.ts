// One request to one provider, without a client of the caller's own.

import type { Client, ClientOptions } from './contract/client.ts';
import { ImageError } from './contract/errors.ts';
import { present } from './contract/objects.ts';
import type { ImageProvider } from './contract/provider.ts';
import type { ImageRequest, RunOptions } from './contract/request.ts';
import type { GenerateResult } from './contract/result.ts';
import { memoryTicketStore } from './contract/tickets.ts';
import { createClient } from './create-client.ts';
import type { DefaultModel, ModelId, NamesModel, TypedRequest } from './typed.ts';

/** What `generateImage` takes besides the words of a request. */
export interface GenerateOptions extends RunOptions, Settings {
  /**
   * The file for the picture; several are `boat-1.png`, `boat-2.png` … A name that is taken, or cannot be written, is refused before
   * anything is sent. If it is taken meanwhile, the picture gets the next free name; `path` of the picture says which.
   */
  readonly save?: string;
  /** A file that is there may be replaced. Default no. */
  readonly overwrite?: boolean;
}

type Settings = Pick<ClientOptions, 'codec' | 'concurrency' | 'dispatcher' | 'paths' | 'log'>;

/** The client of a provider instance that was used last, so that connections are shared between calls. */
const clients = new WeakMap<ImageProvider, { readonly settings: Settings; readonly client: Client }>();

/** Of all calls of this process: what is still to come is found again, whichever instance of the provider asks. */
const tickets = memoryTicketStore();

/**
 * Makes pictures with one provider. A literal `model` narrows the words that the model takes; `model` is an id of the
 * provider's table, default its `defaultModel`. Two calls of an account run at a time, unless `concurrency` or the provider says
 * otherwise, however often the provider is made anew; the others wait for their turn. Pictures and tickets stay in memory: for a store of
 * your own, several providers, fallback or budgets use `createClient`.
 *
 * Rejects with an `ImageError` if no picture is here: then its `tickets` name what was paid for and is still to come, for `resumeImage`.
 * If some are here, what became of the others is in `errors` and `pending`.
 */
export async function generateImage<const P extends ImageProvider, const M extends string = DefaultModel<P>>(
  request: TypedRequest<P, M> &
    GenerateOptions & {
      readonly provider: P;
      readonly model?: (M & NamesModel<P, M>) | NoInfer<ModelId<P>>;
    },
): Promise<GenerateResult> {
  const { provider, model, save, overwrite, codec, concurrency, dispatcher, paths, log, ...words } =
    request as ImageRequest & GenerateOptions & { provider: P; model?: string };
  const client = clientFor(provider, { codec, concurrency, dispatcher, paths, log });
  const asked = { ...words, model: nameOf(provider, model) };
  if (save === undefined) return client.generate(asked);
  const { checkTargets, keepAll, targetsOf } = await import('./run/save.ts');
  const targets = targetsOf(save, words.n);
  await checkTargets(targets, overwrite);
  return keepAll(await client.generate(asked), targets, overwrite);
}

/**
 * Brings what a ticket of `generateImage` stands for, with nothing paid anew: one of `tickets` of its error, or of `pending` of its result.
 * For tickets that outlive the process, give `createClient` a store of them. Rejects as `generateImage` does, and with `not-found` for a
 * ticket that is none.
 */
export async function resumeImage(
  request: RunOptions & Settings & { readonly provider: ImageProvider; readonly ticket: string },
): Promise<GenerateResult> {
  const { provider, ticket, codec, concurrency, dispatcher, paths, log, ...run } = request;
  return clientFor(provider, { codec, concurrency, dispatcher, paths, log }).resume(ticket, run);
}

/** Throws `invalid-request` for what is no provider. */
function clientFor(
  provider: ImageProvider,
  settings: { readonly [K in keyof Settings]: Settings[K] | undefined },
): Client {
  if (typeof provider !== 'object' || provider === null || !('models' in provider)) {
    throw new ImageError('invalid-request', 'no provider is given', {
      details: { option: 'provider' },
      hint: 'Give one, such as provider: sketch(), or make a client with several.',
    });
  }
  const given = present(settings);
  const known = clients.get(provider);
  if (known && isSame(known.settings, given)) return known.client;
  const client = createClient({ providers: [provider], tickets, ...given });
  clients.set(provider, { settings: given, client });
  return client;
}

function isSame(some: Settings, others: Settings): boolean {
  const words = new Set([...Object.keys(some), ...Object.keys(others)]) as Set<keyof Settings>;
  return [...words].every((word) => some[word] === others[word]);
}

/** Results name their model `provider/model`; that name is understood too. */
function nameOf({ id, models }: ImageProvider, model: string | undefined): string {
  if (model === undefined) return id;
  return model.startsWith(`${id}/`) && !Object.hasOwn(models, model) ? model : `${id}/${model}`;
}
