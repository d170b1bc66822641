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
  readonly default: Size | 'auto' | 'first-image' | 'last-image' | { readonly ratio?: Ratio; readonly tier?: string };
  /** Never rely on the service's default: the default is sent when nothing is asked for. */
  readonly send?: 'always';
}

/** A closed list of values, ordered from least to most, so that "nearest" exists. */
export interface Choice {
  readonly values: readonly string[];
  /** What the service does when nothing is asked for. */
  readonly default?: string;
}

/** One provider option. Its validation, JSON Schema and TypeScript type are derived from this. */
export type OptionSpec = { readonly about?: string; readonly send?: 'always' } & (
  | {
      readonly type: 'boolean';
      readonly default?: boolean;
      /** The output format it brings, one that `outputFormat` has no word for: `"svg"`. */
      readonly makes?: string;
      /** While true, the pictures of a request belong together: one call makes them all, at most so many. */
      readonly series?: number;
    }
  | {
      readonly type: 'number' | 'integer';
      readonly min?: number;
      readonly max?: number;
      readonly default?: number;
    }
  | {
      readonly type: 'string';
      readonly values?: readonly string[];
      readonly maxLength?: number;
      readonly default?: string;
    }
  | { readonly type: 'image' | 'json' }
);

/** One price. The first whose `when` matches the call is used; no match means the price is unknown. */
export interface Price {
  readonly amount: number;
  readonly currency: 'USD' | 'CNY' | 'EUR';
  readonly per: 'image' | 'megapixel' | 'call' | '1M text in' | '1M image in' | '1M text out' | '1M image out';
  /** On top for each input picture of a call. */
  readonly perInput?: number;
  readonly unsure?: true;
  readonly when?: {
    readonly region?: string;
    readonly quality?: string;
    readonly tier?: string;
    readonly size?: Size;
    /** Width × height of a picture, at most. */
    readonly maxPixels?: number;
    /** Input pictures of a call, at most. */
    readonly maxInputs?: number;
    readonly options?: { readonly [name: string]: Json };
  };
}

/** What a model, or one operation of it, can do. */
export interface Limits {
  readonly prompt?: {
    /** Longest prompt, in `unit`; characters are Unicode code points. */
    readonly max?: number;
    readonly unit?: 'characters' | 'tokens';
    readonly optional?: true;
    /** Languages the model understands, ISO 639-1; absent = any. */
    readonly languages?: readonly string[];
  };
  /**
   * How its makers advise to write prompts, which is how `enhance` writes: one flowing paragraph (`prose`, default), a few short
   * sentences (`brief`), parts in a fixed order (`structured`), or keywords between commas (`tags`).
   */
  readonly wording?: 'prose' | 'brief' | 'structured' | 'tags';
  readonly negativePrompt?: { readonly max?: number } | false;
  /** Pictures per call, 1 unless stated; a larger `n` is split into calls. */
  readonly perCall?: number;
  /** `step`: picture i of a call uses seed + i. `same`: all would be equal, so a seed means one picture per call. */
  readonly seed?: { readonly max: number; readonly within: 'step' | 'same' } | false;
  readonly size?: SizeRule | false;
  readonly quality?: Choice | false;
  readonly style?: Choice | false;
  readonly background?: Choice | false;
  readonly outputFormat?: Choice | false;
  /** Formats that take `outputCompression` (0–100); absent = none. */
  readonly outputCompression?: readonly string[];
  readonly images?:
    | false
    | {
        readonly count: Range;
        /** Media types. */
        readonly types: readonly string[];
        readonly as: readonly ('url' | 'bytes')[];
        /** Per picture. */
        readonly maxBytes?: number;
        readonly pixels?: Range;
        readonly side?: Range;
        readonly aspect?: number;
        /** `false`: an alpha channel is refused. */
        readonly alpha?: false;
      };
  readonly mask?:
    | false
    | {
        /** What marks the area to repaint on the wire. Callers always give white = repaint. */
        readonly repaint: 'white' | 'black' | 'transparent' | 'white+transparent';
        /** Only full black and full white are understood. */
        readonly hard?: true;
        readonly maxBytes?: number;
      };
  readonly strength?: boolean;
  /** Upscale factors. */
  readonly factor?: readonly number[];
  readonly expand?: { readonly unit: 'ratio' | 'px'; readonly max: number };
  /** Largest number of partial pictures. */
  readonly partials?: number;
  /** Allowed length of the end-user id, characters. */
  readonly user?: Range;
  readonly options?: Readonly<Record<string, OptionSpec>>;
  /** How the model is reached, preferred first; default `['call']`. */
  readonly modes?: readonly ('job' | 'call')[];
  /** Usual time for one picture, ms. */
  readonly latencyMs?: Range;
  readonly prices?: readonly Price[];
  /** Route, request shape, dialect: the provider's own, core never reads it. */
  readonly wire?: { readonly [key: string]: Json };
}

/** How a model ends. */
export interface Ending {
  readonly deprecated?: Day;
  readonly retires?: Day;
  /** Sources disagree on whether the model ends, or on the day: it is used, with a warning, after that day too. */
  readonly retiresUnsure?: true;
  readonly successor?: string;
}

/** One row of the table: a model. */
export interface ModelCapabilities extends Limits, Ending {
  readonly label: string;
  /** Where the facts come from, and when they were last checked. */
  readonly source: string;
  readonly checked: Day;
  /** What differs by operation. Keys override the row's; `options` and `wire` merge by key. */
  readonly operations: { readonly [operation: string]: Limits };
  readonly delivery: { readonly as: 'bytes' } | { readonly as: 'url'; readonly livesSeconds: number };
  /** Other ids of this row; using one is reported in `applied`. Its ids in `regions` are such ids without being named here. */
  readonly aliases?: readonly string[];
  /** The service has ids with a day behind this one, `…-2026-01-09`: the model as it was then. They go out as they are. */
  readonly dated?: true;
  /** Regions that offer the model, its id there, and how it ends there where it does not end everywhere; absent = all. */
  readonly regions?: { readonly [region: string]: Ending & { readonly id?: string } };
  readonly preview?: true;
  /** Draws by rules, without a neural model: the last in an automatic choice. */
  readonly procedural?: true;
  /** Facts unknown: what is not declared is passed on with a warning. */
  readonly open?: true;
  /** Of the row for ids in no table: the rows that stand for it, where an id tells how its model is reached. */
  readonly families?: Families;
}

/** Rows for ids in no table, by what the ids look like. */
export interface Families {
  /** The provider option, which each row has, that names a family whatever the id. */
  readonly option: string;
  /** The first whose `ids`, a regular expression, fits the id counts; one without `ids` is there by name alone. */
  readonly rows: { readonly [family: string]: { readonly ids?: string; readonly row: ModelCapabilities } };
}

/** Model id -> row. */
export type ModelTable = { readonly [id: string]: ModelCapabilities };

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

/** What the model can do in one operation: the operation's own entries over the row's. */
export function limitsOf(row: ModelCapabilities, operation: Operation): Limits | undefined {
  const own = Object.hasOwn(row.operations, operation) ? row.operations[operation] : undefined;
  if (!own) return undefined;
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
