// What a literal model id makes of a request: the editor offers the model's own sizes, qualities and options, and a word the
// model does not have is a compile error. Types only.

import type { Day, ModelCapabilities, OptionSpec, Ratio, Size } from './contract/capabilities.ts';
import type { ImageProvider } from './contract/provider.ts';
import type { ImageRequest } from './contract/request.ts';
import type { OptionValue } from './negotiate/options.ts';

/** The ids in a provider's table, as literals: what the editor offers. `never` if only `string` is known of them. */
export type ModelId<P extends ImageProvider> = keyof KnownModels<P> extends infer Id extends string ? Id : never;

/**
 * What a literal must be to name a model of a provider; nothing fits one that names none. Any text does where the provider takes
 * models that are in no table, or its table is not known, and so does a `string`: what it holds is known when the program runs.
 */
export type NamesModel<P extends ImageProvider, M extends string> = string extends M
  ? unknown
  : M extends ''
    ? never
    : [ModelId<P>] extends [never]
      ? unknown
      : ModelCapabilities extends P['unlisted'] // as it is where none is given
        ? RowOf<P, M> extends undefined
          ? never
          : unknown
        : unknown;

/** The model that is used if none is named. */
export type DefaultModel<P extends ImageProvider> = P extends { readonly defaultModel: infer Id extends string }
  ? Id
  : string;

/**
 * The row of a model, also by another id of it, or behind the provider's id and a slash; `undefined` if the type of the table does not
 * say.
 */
export type RowOf<P extends ImageProvider, M> = M extends keyof KnownModels<P>
  ? KnownModels<P>[M]
  : RowByOtherId<P, M extends `${P['id']}/${infer Id}` ? Id : M> extends infer Row
    ? [Row] extends [never]
      ? undefined
      : Row
    : never;
type RowByOtherId<P extends ImageProvider, M> = M extends keyof KnownModels<P>
  ? KnownModels<P>[M]
  : {
      [Id in keyof KnownModels<P>]: M extends OtherIdsOf<KnownModels<P>[Id], Id & string> ? KnownModels<P>[Id] : never;
    }[keyof KnownModels<P>];

/** Stands where a model has no such word; nothing but `undefined` fits. The compiler shows its name and the word. */
export interface NotOfferedByThisModel<Word extends string> {
  readonly 'this model has no': Word;
  readonly [never: symbol]: never;
}

/**
 * The request of one model. `M`: a literal id or alias of the table narrows every word that the table speaks of; any other
 * string leaves them as they are in {@link ImageRequest}.
 */
export type TypedRequest<P extends ImageProvider, M> =
  RowOf<P, M> extends infer Row
    ? Row extends undefined | { readonly open: true }
      ? ImageRequest
      : Omit<ImageRequest, NarrowedWord> & { readonly [Word in NarrowedWord]?: WordOf<Row, Word> }
    : never;

/** The words that depend on the row. */
type NarrowedWord =
  | 'operation'
  | 'negativePrompt'
  | 'size'
  | 'aspectRatio'
  | 'resolution'
  | 'quality'
  | 'style'
  | 'background'
  | 'outputFormat'
  | 'outputCompression'
  | 'seed'
  | 'images'
  | 'mask'
  | 'strength'
  | 'factor'
  | 'expand'
  | 'partials'
  | 'user'
  | 'providerOptions';

type WordOf<Row, Word extends NarrowedWord> = [ValueOf<Row, Word>] extends [never]
  ? NotOfferedByThisModel<Word>
  : ValueOf<Row, Word>;

/** What a word may be; `never` if the row does not have it. */
type ValueOf<Row, Word extends NarrowedWord> = Word extends 'operation'
  ? OperationsOf<Row>
  : Word extends 'quality' | 'style' | 'background' | 'outputFormat'
    ? ValuesOf<Declared<Row, Word>>
    : Word extends 'size'
      ? SizeOf<Declared<Row, 'size'>>
      : Word extends 'aspectRatio'
        ? RatioOf<Declared<Row, 'size'>>
        : Word extends 'resolution'
          ? ResolutionOf<Declared<Row, 'size'>>
          : Word extends 'factor'
            ? ListedIn<Declared<Row, 'factor'>>
            : Word extends 'providerOptions'
              ? OptionsIn<Declared<Row, 'options'>>
              : [Declared<Row, Word>] extends [never]
                ? never
                : NonNullable<ImageRequest[Word]>;

/** What the row or any of its operations says of an entry, without `false`. */
type Declared<Row, Entry extends string> = Exclude<
  EntryOf<Row, Entry> | { [Name in OperationsOf<Row>]: EntryOf<OperationIn<Row, Name>, Entry> }[OperationsOf<Row>],
  false | undefined
>;
type EntryOf<Limits, Entry extends string> = Limits extends { readonly [Name in Entry]: infer Value } ? Value : never;
type OperationsOf<Row> = Row extends { readonly operations: infer Operations } ? keyof Operations & string : never;
type OperationIn<Row, Name> = Row extends { readonly operations: infer Operations }
  ? Operations[Name & keyof Operations]
  : never;

type ValuesOf<Choice> = Choice extends { readonly values: readonly (infer Value extends string)[] } ? Value : never;
type ListedIn<List> = List extends readonly (infer Item)[] ? Item : never;

/** Presets stay in the editor's list where rules allow any other size too. */
type SizeOf<Rule> = Rule extends unknown
  ? PresetsOf<Rule> | PixelsOf<Rule> | (Rule extends { readonly rules: readonly unknown[] } ? Size & AnyOther : never)
  : never;
type AnyOther = Record<never, never>;
type PresetsOf<Rule> = Rule extends { readonly presets: readonly (infer Preset)[] } ? Preset : never;
type PixelsOf<Rule> = Rule extends { readonly pixels: infer Tiers }
  ? { [Tier in keyof Tiers]: Tiers[Tier][keyof Tiers[Tier]] }[keyof Tiers]
  : never;

/** A model that takes sizes takes any ratio or resolution that gives one of them. */
type RatioOf<Rule> = Rule extends unknown
  ? ListedIn<EntryOf<Rule, 'ratios'>> | (TakesSizes<Rule> extends true ? Ratio & AnyOther : never)
  : never;
type ResolutionOf<Rule> = Rule extends unknown
  ? ListedIn<EntryOf<Rule, 'tiers'>> | (TakesSizes<Rule> extends true ? '1K' | '2K' | '4K' | (string & {}) : never)
  : never;
type TakesSizes<Rule> = Rule extends { readonly presets: readonly unknown[] } | { readonly rules: readonly unknown[] }
  ? true
  : false;

/** The options of the row and of all its operations, all of them optional. */
type OptionsIn<Specs> = [Specs] extends [never]
  ? never
  : { readonly [Name in NameIn<Specs>]?: OptionValue<SpecIn<Specs, Name>> };
type NameIn<Specs> = Specs extends unknown ? keyof Specs & string : never;
type SpecIn<Specs, Name extends string> = Specs extends { readonly [Key in Name]: infer Spec extends OptionSpec }
  ? Spec
  : never;

/** The table without its index signature, which would swallow the literal ids. */
type KnownModels<P extends ImageProvider> = {
  [Id in keyof P['models'] as string extends Id ? never : Id]: P['models'][Id];
};
type OtherIdsOf<Row, Id extends string> =
  | (Row extends { readonly aliases: readonly (infer Alias)[] } ? Alias : never)
  | (Row extends { readonly dated: true } ? `${Id}-${Day}` : never)
  | (Row extends { readonly regions: infer Regions } ? IdIn<Regions[keyof Regions]> : never);
type IdIn<Region> = Region extends { readonly id: infer Id extends string } ? Id : never;
