// What a config file may hold. The JSON Schema for editors is made of this.

import { ownModelJSONSchema } from '@anyimage/core';
import * as z from 'zod';
import { namesOtherHome, otherHomeProblem } from '../files/home.ts';
import { imageBytesRange, type NumberRange, rangeText } from '../text/numbers.ts';

const text = z.string({ error: 'must be text' }).min(1, 'must not be empty');
const models = z.union([text, z.array(text).min(1, 'must be a model, or a list of at least one')], {
  error: 'must be a model, or a list of models to try in order',
});
const record = <K extends z.core.$ZodRecordKey, T extends z.ZodType>(name: K, value: T) =>
  z.record(name, value, { error: 'must be an object of names and values' });
const ownName = /^[A-Za-z0-9][\w-]*$/;
const named = <T extends z.ZodType>(value: T, what: string) =>
  record(z.string().regex(ownName, `${what} are letters, digits, - and _`), value);
const providerId = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'is no id of a provider: those are lower case letters, digits and -, a letter first')
  .regex(/^(?!auto$)/, 'is no id of a provider: -m auto is the automatic choice');
const modelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/\S+$/, 'is no name of a model: that is PROVIDER/MODEL, such as openai/gpt-image-3')
  .refine(isSeen, 'is no name of a model: it has hidden characters');
const number = (range: NumberRange) => {
  const error = `must be ${rangeText(range)}`;
  const inRange = z.number({ error }).min(range.least, error).max(range.most, error);
  return range.whole ? inRange.int(error) : inRange;
};
const amount = number({ least: 0, most: 1_000_000_000, example: '5' });
const currency = z.enum(['USD', 'CNY', 'EUR'], { error: 'must be USD, CNY or EUR' });
const yesNo = z.boolean({ error: 'must be true or false' });
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'must be a list' });
const object = { error: 'must be an object' };

function isPlainURL(value: string): boolean {
  const url = URL.parse(value);
  return isWebURL(value) && !url?.username && !url?.password;
}

/** A character that is not seen could make one URL, or one name, look like another. */
function isSeen(value: string): boolean {
  return !/[\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.test(value);
}

function isWebURL(value: string): boolean {
  return isSeen(value) && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}

const rate = z
  .strictObject(
    {
      rate: number({ least: 0.000001, most: 1_000_000, example: '0.14' }),
      date: z.iso.date({ error: 'must be a day such as 2026-11-20' }),
    },
    object,
  )
  .describe('What one unit of this currency is in the currency of the budget, and the day it was.');

const budget = z
  .strictObject(
    {
      currency: currency.describe('The currency of the limits.'),
      perCall: amount.optional().describe('Most that one request may cost, all its pictures together.'),
      perRun: amount.optional().describe('Most that one run of a program may cost.'),
      perDay: amount.optional().describe('Most that a day may cost, all programs together.'),
      allowUnknown: yesNo.optional().describe('Allow what has no known price. Default: refuse it.'),
      rates: z.partialRecord(currency, rate, object).optional().describe('Other currencies.'),
    },
    object,
  )
  .describe('Limits on what may be spent. Checked before anything is sent.');

const askAbove = z
  .strictObject(
    {
      amount: amount.describe('0: whatever costs anything.'),
      currency: currency.describe('The currency of the amount.'),
    },
    object,
  )
  .describe(
    'What a call may cost before anyimage-mcp asks the person, where the client can ask. Default: it never asks.',
  );

const provider = z.strictObject(
  {
    baseURL: z
      .string({ error: 'must be text' })
      .refine(isPlainURL, 'must be an http(s) URL without user name and password, white space and hidden characters')
      .optional()
      .describe('Where the service is reached. It is sent the key.'),
    region: text.optional().describe("One of the provider's regions."),
    kind: text.optional().describe('What kind of server it is, where the id is not that of a known provider.'),
    textModel: text.optional().describe("The service's language model, which translates and enhances prompts."),
    headers: record(
      z.string().regex(/^[A-Za-z0-9!#$%&'*+^_`|~-]+$/, 'names of headers are letters, digits and signs without a dot'),
      text,
    )
      .optional()
      .describe('Further headers, for a gateway or an organisation. They go where the key goes, and are never shown.'),
    defaultModel: text
      .optional()
      .describe('The model that is meant by the id alone. Like all below, only beside a kind.'),
    label: text.optional().describe('The name that people are shown.'),
    keyEnv: z
      .string({ error: 'must be text' })
      .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a variable: capital letters, digits and _, a letter first')
      .optional()
      .describe('The environment variable for the key, never the key itself.'),
  },
  object,
);

/** What a profile may say, too. */
const ownWords = {
  model: models.optional().describe('What draws when no model is named: provider/model, a provider, or an alias.'),
  aliases: named(models, 'names of aliases').optional().describe('Own names for models.'),
  styles: named(text, 'names of styles').optional().describe('Own styles: words that --style NAME adds to the prompt.'),
  output: text
    .refine((path) => !namesOtherHome(path), otherHomeProblem)
    .optional()
    .describe('The folder for pictures.'),
  budget: budget.optional(),
  askAbove: askAbove.optional(),
  maxImageBytes: number(imageBytesRange)
    .optional()
    .describe('The largest picture that is taken, bytes; default 64 MiB.'),
};

/** Raised when a config means something else than before. A config that does not say its version is of this one. */
export const configVersion = 1;

/** How pictures may be shown at a terminal. */
export const previewWords = ['auto', 'kitty', 'iterm', 'sixel', 'blocks', 'none'] as const;
export type PreviewWord = (typeof previewWords)[number];

/** The form of `config.json` and `anyimage.json`. Keys of services are never in a config. */
export const configSchema = z.strictObject(
  {
    ...ownWords,
    $schema: z.string({ error: 'must be text' }).optional(),
    version: z
      .literal(configVersion, { error: `must be ${configVersion}` })
      .optional()
      .describe('The version of the form of the config.'),
    profiles: named(z.strictObject(ownWords, object), 'names of profiles')
      .optional()
      .describe(
        'Settings that hold together, over the others while the profile is in use. Only in the config of a person.',
      ),
    profile: z
      .string({ error: 'must be text' })
      .optional()
      .describe('The profile in use, where --profile and ANYIMAGE_PROFILE name none.'),
    askPrice: z
      .enum(['once', 'never'], { error: 'must be once or never' })
      .optional()
      .describe(
        'Whether the command line asks, at a terminal, before a model that costs draws for the first time. Default: once.',
      ),
    preview: z
      .enum(previewWords, { error: `must be one of ${previewWords.join(', ')}` })
      .optional()
      .describe(
        'How the command line shows pictures that were made, at a terminal. Default: auto, as the terminal can.',
      ),
    providers: record(providerId, provider)
      .optional()
      .describe('How a provider is reached; with a kind, a provider more.'),
    models: record(modelName, z.looseObject({}, object))
      .optional()
      .describe('Models of your own: rows that no table has, or other rows in place of those.'),
    allowNetworks: list(
      z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
        error: 'must be an address or range such as 10.0.0.0/8',
      }),
    )
      .optional()
      .describe('Networks besides the public internet that URLs of pictures may lead to.'),
    updateModels: z
      .enum(['weekly', 'never'], { error: 'must be weekly or never' })
      .optional()
      .describe(
        'Whether newer tables of models are fetched by themselves, once a week, beside a call. Default: never.',
      ),
    proxy: z
      .string({ error: 'must be text' })
      .refine(isWebURL, 'must be an http(s) URL without white space and hidden characters')
      .optional()
      .describe('The HTTP proxy, where the environment names none.'),
  },
  object,
);

export type Config = z.infer<typeof configSchema>;
export type ProviderConfig = NonNullable<Config['providers']>[string];
export type BudgetLimits = NonNullable<Config['budget']>;

/** The JSON Schema of config files, for editors. */
export function configJSONSchema(): { readonly [key: string]: unknown } {
  const { properties, ...rest } = z.toJSONSchema(configSchema, { io: 'input' });
  const { models, ...others } = properties as { readonly [key: string]: object };
  const model = ownModelJSONSchema('#/properties/models/additionalProperties');
  return {
    title: 'anyimage config',
    ...rest,
    properties: { ...others, models: { ...models, additionalProperties: model } },
  };
}
