// The form of a row, as a schema. Its objects are made when they are first needed: programs that start check no table.

import * as z from 'zod';
import {
  type Choice,
  limitsOf,
  type ModelCapabilities,
  type OptionSpec,
  type SizeRule,
} from '../contract/capabilities.ts';
import { quotedWord } from '../foreign/foreign.ts';
import { didYouMean, nearest } from '../negotiate/nearest.ts';
import { judgeSize } from '../negotiate/shape/size.ts';

/** The schemas of rows. */
export interface RowSchemas {
  /** Of a model. */
  readonly row: z.ZodType;
  /** Of the row for ids in no table. */
  readonly unlisted: z.ZodType;
}

const made = new Map<boolean, RowSchemas>();

/** `strict`: an unknown word is an issue `unrecognized_keys`. Else a later version's words and values are no mistake. */
export function rowSchemas(strict: boolean): RowSchemas {
  const known = made.get(strict) ?? makeSchemas(strict);
  made.set(strict, known);
  return known;
}

const text = z.string({ error: 'must be text' });
const number = z.number({ error: 'must be a number' });
const fromZero = number.min(0, 'must not be negative');
const aboveZero = number.refine((value) => value > 0, 'must be above 0');
const whole = number.refine(Number.isInteger, 'must be a whole number');
const count = whole.min(0, 'must not be negative');
const yes = z.literal(true, { error: 'must be true, or absent' });
/** px; larger ones are no pictures. */
const side = aboveZero.max(100_000, 'must be at most 100000');
/** s; a time that lies further ahead is none. */
const seconds = aboveZero.max(1e9, 'must be at most 1000000000');
const size = text.regex(/^[1-9]\d{0,5}x[1-9]\d{0,5}$/, 'must be a size such as 1024x768');
const ratio = text.regex(/^\d{1,6}(\.\d{1,6})?:\d{1,6}(\.\d{1,6})?$/, 'must be a ratio such as 16:9');
const word = text.min(1, 'must not be empty').refine((value) => !value.includes('\n'), 'must be one line');
const day = text.refine(isDay, 'must be a day such as 2026-11-20');
const pattern = text.refine(isPattern, 'must be a regular expression');
const page = text.refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http(s) URL');

const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'must be a list' });
const some = <T extends z.ZodType>(item: T) => list(item).min(1, 'must not be empty');
const record = <T extends z.ZodType>(value: T) =>
  z.record(z.string(), value, { error: 'must be an object of names and values' });
const orNone = <T extends z.ZodType>(value: T) =>
  z.union([z.literal(false), value], { error: 'must be false or an object' }).optional();
const range = (end: z.ZodType<number>) =>
  z
    .tuple([end, end], { error: 'must be two numbers, the least and the most' })
    .refine(([least, most]) => least <= most, 'must begin before it ends');

function makeSchemas(strict: boolean): RowSchemas {
  // What a later version adds to a table is no mistake in it: core reads the fields that it knows.
  const object = <T extends z.core.$ZodLooseShape>(shape: T) => {
    const error = (issue: z.core.$ZodRawIssue) =>
      issue.code === 'unrecognized_keys' ? unknownWord(issue.keys[0]!, Object.keys(shape)) : 'must be an object';
    return strict ? z.strictObject(shape, { error }) : z.looseObject(shape, { error });
  };
  const oneOf = (...values: readonly string[]) =>
    strict ? z.enum(values as [string], { error: `must be ${values.join(' or ')}` }) : word;

  const rule = object({
    side: range(side).optional(),
    pixels: range(aboveZero).optional(),
    aspect: number.min(1, 'must be 1 or more').optional(),
    multiple: aboveZero.optional(),
    round: aboveZero.optional(),
    unsure: yes.optional(),
  });
  const sizeRule = object({
    presets: list(size).optional(),
    rules: list(rule).optional(),
    ratios: list(ratio).optional(),
    tiers: list(word).optional(),
    pixels: record(record(size)).optional(),
    renamed: record(size).optional(),
    default: z.union([word, object({ ratio: ratio.optional(), tier: word.optional() })], {
      error: 'must be a size, auto, first-image, last-image, or an object of a ratio and a tier',
    }),
    send: oneOf('always').optional(),
  }).superRefine((value, context) => tell(context, ['default'], sizeDefault(value as unknown as SizeRule, strict)));
  const choice = object({ values: some(word), default: word.optional() }).superRefine((value, context) => {
    const { values, default: initial } = value as unknown as Choice;
    if (new Set(values).size < values.length) tell(context, ['values'], 'must not name a value twice');
    if (initial !== undefined && !values.includes(initial)) tell(context, ['default'], 'must be one of the values');
  });

  const shared = { about: text.optional(), send: oneOf('always').optional() };
  const ofNumber = { min: number.optional(), max: number.optional(), default: number.optional() };
  const option = z
    .discriminatedUnion(
      'type',
      [
        object({
          ...shared,
          type: z.literal('boolean'),
          default: z.boolean({ error: 'must be true or false' }).optional(),
          makes: word.optional(),
          series: whole.min(1, 'must be 1 or more').optional(),
        }),
        object({ ...shared, type: z.enum(['number', 'integer']), ...ofNumber }),
        object({
          ...shared,
          type: z.literal('string'),
          values: some(text).optional(),
          maxLength: count.optional(),
          default: text.optional(),
        }),
        object({ ...shared, type: z.enum(['image', 'json']) }),
      ],
      {
        error: 'must be a type of an option: boolean, number, integer, string, image or json',
      },
    )
    .superRefine((value, context) => {
      const spec = value as unknown as OptionSpec;
      if (isUpsideDown(spec)) tell(context, ['max'], 'must not be below min');
      else tell(context, ['default'], optionDefault(spec));
    });

  const byMegapixel = {
    further: fromZero.optional(),
    rounds: oneOf('up').optional(),
    megapixel: aboveZero.optional(),
  };
  const tokens = ['1M text in', '1M image in', '1M text out', '1M image out'];
  const price = object({
    amount: fromZero,
    currency: z.enum(['USD', 'CNY', 'EUR'], { error: 'must be USD, CNY or EUR' }),
    per: oneOf('image', 'megapixel', 'call', ...tokens),
    ...byMegapixel,
    inputs: object({
      amount: fromZero,
      per: oneOf('image', 'megapixel'),
      free: count.optional(),
      ...byMegapixel,
    }).optional(),
    partial: fromZero.optional(),
    unsure: yes.optional(),
    when: object({
      region: text.optional(),
      quality: text.optional(),
      tier: text.optional(),
      size: text.optional(),
      maxPixels: number.optional(),
      maxInputs: number.optional(),
      options: record(z.unknown()).optional(),
    }).optional(),
  });

  const pictures = object({
    count: range(count),
    types: list(word),
    as: some(z.enum(['url', 'bytes'], { error: 'must be url or bytes' })),
    maxBytes: aboveZero.optional(),
    pixels: range(aboveZero).optional(),
    side: range(side).optional(),
    aspect: number.min(1, 'must be 1 or more').optional(),
    alpha: z.literal(false, { error: 'must be false, or absent' }).optional(),
  });
  const prompt = object({
    max: aboveZero.optional(),
    unit: oneOf('characters', 'tokens').optional(),
    optional: yes.optional(),
    languages: list(word).optional(),
  });
  const limits = {
    prompt: prompt.optional(),
    wording: oneOf('prose', 'brief', 'structured', 'tags').optional(),
    negativePrompt: orNone(object({ max: aboveZero.optional() })),
    perCall: whole.min(1, 'must be 1 or more').optional(),
    seed: orNone(
      object({
        max: whole.min(1, 'must be 1 or more'),
        within: z.enum(['step', 'same'], { error: 'must be step or same' }),
      }),
    ),
    size: orNone(sizeRule),
    quality: orNone(choice),
    style: orNone(choice),
    background: orNone(choice),
    outputFormat: orNone(choice),
    outputCompression: list(word).optional(),
    images: orNone(pictures),
    mask: orNone(
      object({
        repaint: oneOf('white', 'black', 'transparent', 'white+transparent'),
        hard: yes.optional(),
        maxBytes: aboveZero.optional(),
      }),
    ),
    strength: z.boolean({ error: 'must be true or false' }).optional(),
    factor: list(aboveZero).optional(),
    expand: object({ unit: z.enum(['ratio', 'px'], { error: 'must be ratio or px' }), max: aboveZero }).optional(),
    partials: count.optional(),
    user: range(count).optional(),
    options: record(option).optional(),
    modes: some(z.enum(['job', 'call'], { error: 'must be job or call' })).optional(),
    latencyMs: range(fromZero).optional(),
    prices: list(price).optional(),
    wire: record(z.unknown()).optional(),
  };
  const ending = {
    deprecated: day.optional(),
    retires: day.optional(),
    retiresUnsure: yes.optional(),
    successor: word.optional(),
  };
  const model = {
    ...limits,
    ...ending,
    label: word,
    source: page,
    checked: day,
    operations: record(object(limits)).refine((value) => Object.keys(value).length > 0, 'must name one or more'),
    delivery: z.discriminatedUnion(
      'as',
      [object({ as: z.literal('bytes') }), object({ as: z.literal('url'), livesSeconds: seconds })],
      { error: 'must be bytes, or a url with livesSeconds' },
    ),
    aliases: list(word).optional(),
    dated: yes.optional(),
    regions: record(object({ id: word.optional(), ...ending })).optional(),
    preview: yes.optional(),
    procedural: yes.optional(),
    open: yes.optional(),
    // Whoever puts rows together says it: what a table says of it does not count.
    origin: z.unknown().optional(),
  };
  const agreeing = <T extends z.ZodType>(schema: T) => schema.superRefine(compressed);
  const family = object({ ids: pattern.optional(), row: agreeing(object(model)) });
  return {
    row: agreeing(
      object({ ...model, families: z.undefined({ error: 'is for the row of ids in no table' }).optional() }),
    ),
    unlisted: agreeing(object({ ...model, families: object({ option: word, rows: record(family) }).optional() })),
  };
}

/** Formats with a quality of their own are formats of the operation. */
function compressed(value: unknown, context: z.core.$RefinementCtx): void {
  const row = value as ModelCapabilities;
  for (const operation of Object.keys(row.operations)) {
    const { outputCompression = [], outputFormat } = limitsOf(row, operation)!;
    const formats = outputFormat ? outputFormat.values : [];
    const other = outputCompression.find((format) => !formats.includes(format));
    if (other !== undefined) {
      tell(
        context,
        ['outputCompression'],
        `must not name ${quotedWord(other)}, which is no output format of ${operation}`,
      );
    }
  }
}

function sizeDefault(rule: SizeRule, strict: boolean): string | undefined {
  const { ratios = [], tiers = [], default: initial } = rule;
  if (typeof initial === 'object') {
    if (initial.ratio !== undefined && !ratios.includes(initial.ratio)) return 'must have one of the ratios';
    return initial.tier === undefined || tiers.includes(initial.tier) ? undefined : 'must have one of the tiers';
  }
  if (size.safeParse(initial).success) {
    const { verdict, why } = judgeSize(initial as `${number}x${number}`, rule);
    return verdict === 'no' ? `must be a size that is allowed: ${why}` : undefined;
  }
  if (!strict || ['auto', 'first-image', 'last-image'].includes(initial)) return undefined;
  return 'must be a size, auto, first-image, last-image, or an object of a ratio and a tier';
}

function isUpsideDown(spec: OptionSpec): boolean {
  return 'min' in spec && 'max' in spec && spec.min! > spec.max!;
}

function optionDefault(spec: OptionSpec): string | undefined {
  switch (spec.type) {
    case 'number':
    case 'integer': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, default: initial } = spec;
      if (initial === undefined) return undefined;
      if (spec.type === 'integer' && !Number.isInteger(initial)) return 'must be a whole number';
      return initial >= min && initial <= max ? undefined : 'must be from min to max';
    }
    case 'string': {
      const { values, maxLength = Number.POSITIVE_INFINITY, default: initial } = spec;
      if (initial === undefined) return undefined;
      if (values && !values.includes(initial)) return 'must be one of the values';
      return initial.length <= maxLength ? undefined : 'must not be longer than maxLength';
    }
    default:
      return undefined;
  }
}

function tell(context: z.core.$RefinementCtx, path: string[], message: string | undefined): void {
  if (message !== undefined) context.addIssue({ code: 'custom', path, message });
}

function unknownWord(name: string, words: readonly string[]): string {
  const near = didYouMean(nearest(name, words));
  return `is no word of a table here${near && `: d${near.slice(1)}`}`;
}

function isDay(value: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}
