// The vocabulary of capability tables. A table is plain JSON, written once per provider; negotiation, types, docs and
// estimates are derived from it. Absent or `false` means the model has none, and core refuses it before a byte is sent.

import { omit } from './objects.ts';

/** Anything that survives `JSON.parse(JSON.stringify(x))`: tables, definitions and tickets are read on another day. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Width and height in pixels: `"1024x768"`. */
export type Size = `${number}x${number}`;
/** Width to height: `"16:9"`. */
export type Ratio = `${number}:${number}`;
/** A calendar day, `"2026-11-20"`. */
export type Day = `${number}-${number}-${number}`;
/** Both ends are included. */
export type Range = readonly [min: number, max: number];

/** What is done to make the picture. An open set: a plugin may name its own. */
export type Operation =
  | 'generate'
  | 'edit'
  | 'inpaint'
  | 'outpaint'
  | 'upscale'
  | 'colorize'
  | 'stylize'
  | 'removeWatermark'
  | (string & {});

/** One way for a size to be legal; every given condition must hold. */
export interface SizeConstraint {
  /** Allowed length of each side, px. */
  readonly side?: Range;
  /** Allowed width × height. */
  readonly pixels?: Range;
  /** Longest side divided by shortest side, at most. */
  readonly aspect?: number;
  /** Both sides must be a multiple of this, px. */
  readonly multiple?: number;
  /** The multiple used when core picks the size (where sources disagree, the one that fits all of them). */
  readonly round?: number;
  /** Sources disagree: accepted with a warning, never suggested. */
  readonly unsure?: true;
}

/** A size is accepted if it is a preset or satisfies one of the rules. */
export interface SizeRule {
  /** Listed sizes, legal even where the rules say no. */
  readonly presets?: readonly Size[];
  /** Further sizes are legal if they satisfy one of these. */
  readonly rules?: readonly SizeConstraint[];
  /** Aspect ratios that the service takes as such. Without it, core turns `aspectRatio` into a size. */
  readonly ratios?: readonly Ratio[];
  /** Resolutions that the service takes as such, smallest first. */
  readonly tiers?: readonly string[];
  /** Resolution -> aspect ratio -> size to expect. */
  readonly pixels?: Readonly<Record<string, Readonly<Record<string, Size>>>>;
  /** Misprints of old documentation and the size that was meant; use is reported in `applied`. */
  readonly renamed?: Readonly<Record<string, Size>>;
  /** What the service makes when nothing is asked for. */
  readonly default:
    | Size
    | 'auto'
    | 'first-image'
    | 'last-image'
    | {
        /** One of `ratios`. */
        readonly ratio?: Ratio;
        /** One of `tiers`. */
        readonly tier?: string;
      };
  /** Never rely on the service's default: the default is sent when nothing is asked for. */
  readonly send?: 'always';
}

/** A closed list of values, ordered from least to most, so that "nearest" exists. */
export interface Choice {
  /** In the service's own words, which callers use too. */
  readonly values: readonly string[];
  /** What the service does when nothing is asked for. */
  readonly default?: string;
}

/** One provider option. Its validation, JSON Schema and TypeScript type are derived from this. */
export type OptionSpec = {
  /** What it does, for people: what help and documentation say of it. */
  readonly about?: string;
  /** Never rely on the service's default: `default` is sent when nothing is given. */
  readonly send?: 'always';
} & (
  | {
      readonly type: 'boolean';
      /** What the service does when nothing is given. */
      readonly default?: boolean;
      /** The output format it brings, one that `outputFormat` has no word for: `"svg"`. */
      readonly makes?: string;
      /** While true, the pictures of a request belong together: one call makes them all, at most so many. */
      readonly series?: number;
    }
  | {
      /** Whether there may be a fraction. */
      readonly type: 'number' | 'integer';
      /** The smallest value. */
      readonly min?: number;
      /** The largest value. */
      readonly max?: number;
      /** What the service does when nothing is given. */
      readonly default?: number;
    }
  | {
      readonly type: 'string';
      /** All that is allowed; absent = any text. */
      readonly values?: readonly string[];
      /** Longest text, characters. */
      readonly maxLength?: number;
      /** What the service does when nothing is given. */
      readonly default?: string;
    }
  | {
      /** A picture as text, in the form that the service takes, or any JSON: both are passed on as they are. */
      readonly type: 'image' | 'json';
    }
);

/** How an amount per megapixel is counted: by the pixel, unless it says otherwise. */
export interface MegapixelPrice {
  /** What each megapixel after the first costs; the first counts whole then. Default: as the first. */
  readonly further?: number;
  /** A megapixel that is begun counts whole. */
  readonly rounds?: 'up';
  /** Pixels of a megapixel, where the service does not mean 1,000,000. */
  readonly megapixel?: number;
}

/** What each input picture costs besides; masks cost nothing. */
export interface InputPrice extends MegapixelPrice {
  /** In the currency of the price. */
  readonly amount: number;
  /** `megapixel`: of each picture for itself. Of a picture that is given as a URL that is not known before. */
  readonly per: 'image' | 'megapixel';
  /** So many pictures of a call cost nothing, the first ones; default 0. */
  readonly free?: number;
}

/**
 * One price. The first whose `when` matches the call is used; no match means the price is unknown. `per` megapixel: of each picture that is
 * made, as {@link MegapixelPrice} says.
 */
export interface Price extends MegapixelPrice {
  /** In units of the currency, not cents; 0 = free. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: 'USD' | 'CNY' | 'EUR';
  /** What the amount is for: one picture, a megapixel of one, a whole call, or a million tokens. */
  readonly per: 'image' | 'megapixel' | 'call' | '1M text in' | '1M image in' | '1M text out' | '1M image out';
  /** What the input pictures of a call cost besides. */
  readonly inputs?: InputPrice;
  /** What each partial picture costs besides, in the currency of the price; default 0. */
  readonly partial?: number;
  /** Second-hand, or sources disagree: shown with a question mark. */
  readonly unsure?: true;
  /** What a call must have for this price; absent = any call. */
  readonly when?: {
    /** The region in use. */
    readonly region?: string;
    /** The quality that is sent, or the service's default. */
    readonly quality?: string;
    /** The resolution that is sent, or the service's default. */
    readonly tier?: string;
    /** The size that is sent, or the service's default. */
    readonly size?: Size;
    /** Width × height of a picture, at most. */
    readonly maxPixels?: number;
    /** Input pictures of a call, at most. */
    readonly maxInputs?: number;
    /** Provider options, by name, as they are sent or by default. */
    readonly options?: { readonly [name: string]: Json };
  };
}

/** What a model, or one operation of it, can do. */
export interface Limits {
  /** What is known of prompts; absent = any length, any language. */
  readonly prompt?: {
    /** Longest prompt, in `unit`; characters are Unicode code points. */
    readonly max?: number;
    /** Of `max`; default `characters`. Tokens are the service's, and only estimated here. */
    readonly unit?: 'characters' | 'tokens';
    /** The operation works without a prompt. */
    readonly optional?: true;
    /** Languages the model understands, ISO 639-1; absent = any. */
    readonly languages?: readonly string[];
  };
  /**
   * How its makers advise to write prompts, which is how `enhance` writes: one flowing paragraph (`prose`, default), a few short
   * sentences (`brief`), parts in a fixed order (`structured`), or keywords between commas (`tags`).
   */
  readonly wording?: 'prose' | 'brief' | 'structured' | 'tags';
  /** Takes what should not be in the picture. */
  readonly negativePrompt?:
    | {
        /** Longest, characters. */
        readonly max?: number;
      }
    | false;
  /** Pictures per call, 1 unless stated; a larger `n` is split into calls. */
  readonly perCall?: number;
  /** `step`: picture i of a call uses seed + i. `same`: all would be equal, so a seed means one picture per call. */
  readonly seed?:
    | {
        /** The largest; the smallest is 0. */
        readonly max: number;
        /** How the pictures of one call follow from its seed. */
        readonly within: 'step' | 'same';
      }
    | false;
  /** How large pictures can be. `false`: the size cannot be chosen. */
  readonly size?: SizeRule | false;
  /** The qualities to choose from. */
  readonly quality?: Choice | false;
  /** The styles that the service itself knows. Named styles of anyimage go into the prompt and need nothing here. */
  readonly style?: Choice | false;
  /** The backgrounds to choose from, such as `transparent`, `opaque`, `auto`. */
  readonly background?: Choice | false;
  /** The formats to choose from, such as `png`, `jpeg`, `webp`. */
  readonly outputFormat?: Choice | false;
  /** Formats that take `outputCompression` (0–100); absent = none. */
  readonly outputCompression?: readonly string[];
  /** Which input pictures it takes. */
  readonly images?:
    | false
    | {
        /** How many. From 0: they may be left out. */
        readonly count: Range;
        /** Media types. */
        readonly types: readonly string[];
        /**
         * How they can be given: as URLs that the service fetches, or as bytes. Core brings one form into the other
         * where it can.
         */
        readonly as: readonly ('url' | 'bytes')[];
        /** Per picture. */
        readonly maxBytes?: number;
        /** Allowed width × height of each. */
        readonly pixels?: Range;
        /** Allowed length of each side, px. */
        readonly side?: Range;
        /** Longest side divided by shortest side, at most. */
        readonly aspect?: number;
        /** `false`: an alpha channel is refused. */
        readonly alpha?: false;
      };
  /** Takes a mask: the area of the first input picture that is drawn anew. */
  readonly mask?:
    | false
    | {
        /** What marks the area to repaint on the wire. Callers always give white = repaint. */
        readonly repaint: 'white' | 'black' | 'transparent' | 'white+transparent';
        /** Only full black and full white are understood. */
        readonly hard?: true;
        /** Of the mask as it is sent. */
        readonly maxBytes?: number;
      };
  /** Takes `strength`, 0 to 1: how far the result may be from the input picture. */
  readonly strength?: boolean;
  /** Upscale factors. */
  readonly factor?: readonly number[];
  /** How far each side can be extended. */
  readonly expand?: {
    /** `ratio`: parts of the side's length, 0.5 is half as much again. `px`: whole pixels. */
    readonly unit: 'ratio' | 'px';
    /** The most for each side, in `unit`. */
    readonly max: number;
  };
  /** Largest number of partial pictures. */
  readonly partials?: number;
  /** Allowed length of the end-user id, characters. */
  readonly user?: Range;
  /** What only this service has, by name: callers give them in `providerOptions`. */
  readonly options?: Readonly<Record<string, OptionSpec>>;
  /** How the model is reached, preferred first; default `['call']`. */
  readonly modes?: readonly ('job' | 'call')[];
  /** Usual time for one picture, ms. */
  readonly latencyMs?: Range;
  /** What it costs. Without prices a cost is unknown unless the answer tells it, and budgets refuse it. */
  readonly prices?: readonly Price[];
  /** Route, request shape, dialect: the provider's own, core never reads it. */
  readonly wire?: { readonly [key: string]: Json };
}

/** How a model ends. */
export interface Ending {
  /** Since when the service advises against it. */
  readonly deprecated?: Day;
  /** The day from which it is refused, here too. */
  readonly retires?: Day;
  /** Sources disagree on whether the model ends, or on the day: it is used, with a warning, after that day too. */
  readonly retiresUnsure?: true;
  /** The id of the row that takes its place. */
  readonly successor?: string;
}

/** A model in a region, and how it ends there where it does not end everywhere. */
export interface RegionalModel extends Ending {
  /** Default: the id of the row. */
  readonly id?: string;
}

/** One row of the table: a model. */
export interface ModelCapabilities extends Limits, Ending {
  /** The model's name, for people. */
  readonly label: string;
  /** Where the facts come from: a URL. */
  readonly source: string;
  /** When they were last compared with it. */
  readonly checked: Day;
  /** What differs by operation. Keys override the row's; `options` and `wire` merge by key. */
  readonly operations: { readonly [operation: string]: Limits };
  /** How pictures come: in the answer, or as URLs that core downloads. */
  readonly delivery:
    | { readonly as: 'bytes' }
    | {
        readonly as: 'url';
        /** How long a URL works, s. */
        readonly livesSeconds: number;
      };
  /** Other ids of this row; using one is reported in `applied`. Its ids in `regions` are such ids without being named here. */
  readonly aliases?: readonly string[];
  /** The service has ids with a day behind this one, `…-2026-01-09`: the model as it was then. They go out as they are. */
  readonly dated?: true;
  /** Regions that offer the model; absent = all. */
  readonly regions?: { readonly [region: string]: RegionalModel };
  /** The service says that it may change or end without notice. */
  readonly preview?: true;
  /** Draws by rules, without a neural model: the last in an automatic choice. */
  readonly procedural?: true;
  /** Facts unknown: what is not declared is passed on with a warning. */
  readonly open?: true;
  /** Of the row for ids in no table: the rows that stand for it, where an id tells how its model is reached. */
  readonly families?: Families;
  /** Where the row comes from; absent = written by hand with the code. Whoever puts rows together says it: a table that says it itself is not believed. */
  readonly origin?: Origin;
}

/** Where a row comes from: the service's catalogue, a person of this machine or program, or a newer version of the package. */
export type Origin = 'catalogue' | 'own' | 'updated';

/** Rows for ids in no table, by what the ids look like. */
export interface Families {
  /** The provider option, which each row has, that names a family whatever the id. */
  readonly option: string;
  /** The first whose `ids`, a regular expression, fits the id counts; one without `ids` is there by name alone. */
  readonly rows: {
    readonly [family: string]: {
      /** A regular expression. */
      readonly ids?: string;
      /** What the models of this family can do. */
      readonly row: ModelCapabilities;
    };
  };
}

/** Model id -> row. */
export type ModelTable = { readonly [id: string]: ModelCapabilities };

/**
 * A change, as a JSON merge patch (RFC 7396): objects are changed word by word, everything else, lists among it, is replaced, and `null`
 * takes a word away.
 */
export type Patch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Word in keyof T]?: Patch<T[Word]> | null }
    : T;

/**
 * A row like another one. A word that is given for the row also holds for each operation of the other one that says it itself. Not taken over are
 * the other ids of the row it is like, and how that one ends; the label is the id, unless one is given. A row that is like its own id is a change of the
 * same model, and keeps them.
 */
export type LikeModel = {
  /** The id of a model of the same provider. */
  readonly like: string;
} & Patch<Omit<ModelCapabilities, 'origin' | 'families'>>;

/** A row of one's own: a whole one, or one that is like another. */
export type OwnModel =
  | (ModelCapabilities & {
      /** A whole row is like no other. */
      readonly like?: never;
    })
  | LikeModel;

/** Model id -> row of one's own. One under an id of the table takes that row's place. */
export type OwnModels = { readonly [id: string]: OwnModel };

/** Computed from the row's dates and today. */
export type ModelStatus = 'stable' | 'preview' | 'deprecated' | 'retired';

/** The status of a model on a day. One whose end is unsure is never retired: it may still be there, and is asked. */
export function modelStatus(row: ModelCapabilities, today: Day): ModelStatus {
  const hasEnded = row.retires !== undefined && row.retires <= today;
  if (hasEnded && !row.retiresUnsure) return 'retired';
  if (hasEnded || (row.deprecated && row.deprecated <= today)) return 'deprecated';
  return row.preview ? 'preview' : 'stable';
}

/** The row as it is in a region, where the model may end by itself. */
export function rowIn(row: ModelCapabilities, region: string): ModelCapabilities {
  const there = row.regions && Object.hasOwn(row.regions, region) ? row.regions[region] : undefined;
  return there ? { ...row, ...omit(there, 'id') } : row;
}

/** The row in force for an id: of its family, where the row has families. */
export function rowFor(
  row: ModelCapabilities,
  id: string,
  options: { readonly [name: string]: Json } = {},
): ModelCapabilities {
  if (!row.families) return row;
  const { option, rows } = row.families;
  const named = Object.hasOwn(options, option) ? options[option] : undefined;
  if (typeof named === 'string' && Object.hasOwn(rows, named)) return rows[named]!.row;
  return Object.values(rows).find(({ ids }) => ids !== undefined && new RegExp(ids).test(id))?.row ?? row;
}

/** Merged once for each row and operation: every request asks. */
const merged = new WeakMap<ModelCapabilities, Map<Operation, Limits>>();

/** An operation as the row spells it: case, `-`, `_` and spaces count for nothing. `undefined` if the row has none of that name. */
export function operationIn({ operations }: ModelCapabilities, asked: Operation): Operation | undefined {
  return Object.hasOwn(operations, asked) ? asked : sameName(asked, Object.keys(operations));
}

/** The name that is meant, of those there are, itself first: case, `-`, `_` and spaces count for nothing. `undefined` if none is. */
export function sameName(asked: string, names: readonly string[]): string | undefined {
  if (names.includes(asked)) return asked;
  const plain = plainName(asked);
  return names.find((name) => plainName(name) === plain);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_\s]+/g, '');
}

/** What the model can do in one operation, however that is spelled: the operation's own entries over the row's. */
export function limitsOf(row: ModelCapabilities, asked: Operation): Limits | undefined {
  const operation = operationIn(row, asked);
  const own = operation === undefined ? undefined : row.operations[operation];
  if (operation === undefined || !own) return undefined;
  const known = merged.get(row) ?? new Map<Operation, Limits>();
  merged.set(row, known);
  const limits = known.get(operation) ?? merge(row, own);
  known.set(operation, limits);
  return limits;
}

function merge({ operations: _, families: __, ...shared }: ModelCapabilities, own: Limits): Limits {
  return {
    ...shared,
    ...own,
    ...((shared.options || own.options) && { options: { ...shared.options, ...own.options } }),
    ...((shared.wire || own.wire) && { wire: { ...shared.wire, ...own.wire } }),
  };
}
