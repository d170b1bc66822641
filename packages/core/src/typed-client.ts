// A client whose providers are known by their types: the editor offers the names of their models, and a literal name narrows the
// other words of a request. Types only.

import type { Client, ClientOptions, ClientRequest, LazyProvider, Outcome, Plan } from './contract/client.ts';
import type { ImageProvider } from './contract/provider.ts';
import type { ImageRequest } from './contract/request.ts';
import type { GenerateResult } from './contract/result.ts';
import type { DefaultModel, ModelId, NamesModel, TypedRequest } from './typed.ts';

export type Providers = ClientOptions['providers'];
export type Aliases = NonNullable<ClientOptions['aliases']>;

/** What `createClient` makes: a plain `Client` where nothing is known of the providers but that they are some. */
export type ClientFor<P extends Providers, A extends Aliases, D extends string, X> = [ModelName<P>] extends [never]
  ? Client<X>
  : TypedClient<P, A, D, X>;

/** A `Client` whose requests are narrowed by the model that they name, by default that of the client. */
export interface TypedClient<P extends Providers, A extends Aliases, D extends string, X>
  extends Omit<Client<X>, 'plan' | 'run' | 'generate'> {
  /** See {@link Client.plan}. */
  plan<const M extends AnyModel = D>(request: RequestTo<P, A, M>): Promise<Plan>;
  /** See {@link Client.run}. */
  run<const M extends AnyModel = D>(request: RequestTo<P, A, M>): Promise<Outcome<X>>;
  /** See {@link Client.generate}. */
  generate<const M extends AnyModel = D>(request: RequestTo<P, A, M>): Promise<GenerateResult<X>>;
}

type AnyModel = string | readonly string[];

/** The names that a client knows: providers, their models, its aliases and `auto`. */
export type ModelName<P extends Providers, A extends Aliases = Record<never, never>> = [NameIn<P[number]>] extends [
  never,
]
  ? never
  : NameIn<P[number]> | (keyof A & string) | 'auto';
type NameIn<One> = One extends ImageProvider
  ? string extends One['id']
    ? never
    : One['id'] | `${One['id']}/${ModelId<One>}`
  : never;

/** The model of a client that is not told of any: that of the first provider. */
export type FirstModel<P extends Providers> = P extends readonly [infer First extends ImageProvider, ...unknown[]]
  ? string extends First['id']
    ? string
    : First['id']
  : string;

/** A request to the model, or to a list of them, in which any word is free. */
export type RequestTo<P extends Providers, A extends Aliases, M extends AnyModel> = WordsTo<P, A, M> &
  Omit<ClientRequest, keyof ImageRequest | 'model'> & {
    readonly model?:
      | (M & (M extends string ? NamesOne<P, A, M> : unknown))
      | NoInfer<ModelName<P, A>>
      | readonly NoInfer<ModelName<P, A> | (string & {})>[];
  };

/** The words of an alias that is a literal are those of its model. */
type WordsTo<P extends Providers, A extends Aliases, M> =
  IsOne<M> extends false
    ? ImageRequest
    : M extends keyof A
      ? A[M] extends string
        ? WordsOf<P, A[M]>
        : ImageRequest
      : WordsOf<P, M>;

/** Whether the compiler knows which one it is: a `string`, or one of several, may be any. */
type IsOne<M> = string extends M ? false : [M] extends [Every<M>] ? true : false;
type Every<M> = (M extends unknown ? (one: M) => void : never) extends (one: infer One) => void ? One : never;

type WordsOf<P extends Providers, M> = M extends `${infer Id}/${infer Model}`
  ? WordsAt<ProviderOf<P, Id>, Model>
  : M extends string
    ? WordsAt<ProviderOf<P, M>, undefined>
    : ImageRequest;
type WordsAt<One, Model> = [One] extends [never]
  ? ImageRequest
  : One extends ImageProvider
    ? TypedRequest<One, Model extends string ? Model : DefaultModel<One>>
    : ImageRequest;
type ProviderOf<P extends Providers, Id> = Extract<P[number], { readonly id: Id }>;

/** What a literal must be to name a model of a client, see {@link NamesModel}. A provider that is not known by its type may be of any name. */
export type NamesOne<P extends Providers, A extends Aliases, M extends string> = string extends M
  ? unknown
  : M extends keyof A | 'auto'
    ? unknown
    : M extends ''
      ? never
      : NamesModelOf<P, M>;
type NamesModelOf<P extends Providers, M extends string> = M extends `${infer Id}/${infer Model}`
  ? [ProviderOf<P, Id>] extends [never]
    ? NamesStranger<P>
    : NamesModel<ProviderOf<P, Id> & ImageProvider, Model>
  : [ProviderOf<P, M>] extends [never]
    ? NamesStranger<P>
    : unknown;
type NamesStranger<P extends Providers> = true extends IsStranger<P[number]> ? unknown : never;
type IsStranger<One> = One extends LazyProvider | ImageProvider
  ? One extends ImageProvider
    ? string extends One['id']
      ? true
      : false
    : true
  : never;
