import { inspect } from 'node:util';
import type { Json, ModelCapabilities, ModelTable } from '../contract/capabilities.ts';
import type {
  ImageProvider,
  InputImage,
  ProviderAccess,
  ProviderDefinition,
  ProviderFunctions,
} from '../contract/provider.ts';
import { withOwnModels } from '../tables/own-models.ts';
import type { FittingOwn, NoOwn, TableWith } from '../tables/typed-own.ts';

/**
 * A provider that keeps its literal types, so that a model id narrows sizes, qualities and options in the editor. `Own`: the rows of one's
 * own that it was given.
 */
export type Provider<D extends ProviderDefinition = ProviderDefinition, Own = NoOwn> = ImageProvider &
  Pick<D, 'id' | 'defaultModel' | 'unlisted'> & { readonly models: TableWith<D['models'], Own> };

/**
 * Makes an instance of a provider. Does no I/O and never throws; keys are read at the time of a call, and rows of one's own are looked at by
 * the first request. Where the table is known by its type, so are they.
 */
export type ProviderFactory<D extends ProviderDefinition = ProviderDefinition> = string extends keyof D['models']
  ? (access?: ProviderAccess) => Provider<D>
  : TypedFactory<D>;

/** A factory whose table is known by its type. `Own`: the rows of one's own, where there are any. */
export interface TypedFactory<D extends ProviderDefinition> {
  (access?: Omit<ProviderAccess, 'models'> & { readonly models?: undefined }): Provider<D>;
  <const Own extends FittingOwn<D['models'], Own>>(
    access?: Omit<ProviderAccess, 'models'> & { readonly models?: Own },
  ): Provider<D, Own>;
}

/** The forms in which rows let pictures be given: what a call's `images` and `mask` are. `Row`: of a table `as const`, else all forms. */
export type InputsOf<Row> = [FormOf<Row>] extends [never] ? InputImage : Extract<InputImage, { as: FormOf<Row> }>;

/** A row that is open lets through what it does not declare, in any form. */
type FormOf<Row> = Row extends { readonly open: true }
  ? InputImage['as']
  :
      | FormIn<Row>
      | (Row extends { readonly operations: infer Operations } ? FormIn<Operations[keyof Operations]> : never);
type FormIn<Limits> = Limits extends { readonly images: { readonly as: readonly (infer Form)[] } } ? Form : never;

/** What a provider is made of: its definition, whose literal types are kept, and its functions, whose types follow from them. */
export type ProviderParts<
  Id extends string,
  Models extends ModelTable,
  Default extends string | undefined,
  Unlisted extends ModelCapabilities | undefined,
  Ticket extends Json,
> = Omit<ProviderDefinition, 'id' | 'models' | 'defaultModel' | 'unlisted'> & {
  readonly id: Id;
  readonly models: Models;
  readonly defaultModel?: Default;
  readonly unlisted?: Unlisted;
} & ProviderFunctions<InputsOf<Models[keyof Models] | Unlisted>, Ticket>;

/** A definition whose literal types are kept. */
export interface LiteralDefinition<
  Id extends string,
  Models extends ModelTable,
  Default extends string | undefined,
  Unlisted extends ModelCapabilities | undefined,
> extends ProviderDefinition {
  readonly id: Id;
  readonly models: Models;
  readonly defaultModel: Default;
  readonly unlisted: Unlisted;
}

/**
 * Makes the factory of a provider from its definition and functions. Hand the table over as it is (`as const satisfies ModelTable`), so
 * that its literal types survive: for callers, whose words they narrow, and for the functions, whose pictures are `InputBytes` where every row says
 * `as: ['bytes']`. What `jobs.submit` returns is the type of the tickets that `check`, `cost` and `cancel` get.
 */
export function defineProvider<
  const Id extends string,
  const Models extends ModelTable,
  const Default extends string | undefined,
  const Unlisted extends ModelCapabilities | undefined,
  Ticket extends Json,
>(
  provider: ProviderParts<Id, Models, Default, Unlisted, Ticket>,
): ProviderFactory<LiteralDefinition<Id, Models, Default, Unlisted>> {
  // They are there, unless their types are inferred to be undefined.
  const defaultModel = provider.defaultModel as Default;
  const unlisted = provider.unlisted as Unlisted;
  const make = (access: ProviderAccess = {}) =>
    withOwnModels({ ...provider, defaultModel, unlisted, access: discreet(access) }, access.models);
  // What rows of one's own make of the types is said by the factory's type.
  return make as ProviderFactory<LiteralDefinition<Id, Models, Default, Unlisted>>;
}

/** The same access, whose key and headers print as `***`: instances are logged and inspected. */
function discreet(access: ProviderAccess): ProviderAccess {
  const { apiKey, headers } = access;
  if (apiKey === undefined && headers === undefined) return access;
  const hidden = headers && Object.fromEntries(Object.keys(headers).map((name) => [name, '***']));
  const shown = {
    value: () => ({ ...access, ...(apiKey !== undefined && { apiKey: '***' }), ...(hidden && { headers: hidden }) }),
  };
  return Object.defineProperties({ ...access }, { toJSON: shown, [inspect.custom]: shown });
}

/** The definition alone, as plain JSON: what a manifest holds. */
export function describeProvider(provider: ProviderDefinition): ProviderDefinition {
  const { id, label, models, defaultModel, unlisted, catalogue } = provider;
  const { regions, keys, baseURLs, trustedHosts, rate } = provider;
  const table = { models, defaultModel, unlisted, catalogue };
  return JSON.parse(JSON.stringify({ id, label, ...table, regions, keys, baseURLs, trustedHosts, rate }));
}
