// Whether something is the manifest of a provider package, before it is kept. What is kept is not checked again at every start.

import {
  cleanText,
  contractVersion,
  hostsOf,
  ImageError,
  isRecord,
  type ProviderManifest,
  quotedWord,
  trustedHostProblem,
} from '@anyimage/core';
import * as z from 'zod';
import { contractProblem } from './contract.ts';

const text = z.string({ error: 'must be text' });
const word = text.min(1, 'must not be empty').refine(isOneLine, 'must be one line of characters that can be seen');
const number = z.number({ error: 'must be a number' });
const day = text.regex(/^\d{4}-\d\d-\d\d$/, 'must be a day such as 2026-11-20');
const variable = text
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a variable: capital letters, digits and _')
  .refine((name) => !isTaken(name), 'must not be a variable of the system, of Node or of anyimage');
const range = z.tuple([number, number], { error: 'must be two numbers, the least and the most' });
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'must be a list' });
const record = <T extends z.ZodType>(value: T) =>
  z.record(z.string().refine(isOneLine), value, {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'must have names of one line each, of characters that can be seen'
        : 'must be an object of names and values',
  });
// What a later version adds to a table is no mistake in it: core reads the fields that it knows.
const object = <T extends z.core.$ZodLooseShape>(shape: T) => z.looseObject(shape, { error: 'must be an object' });
const orNone = <T extends z.ZodType>(value: T) => z.union([z.literal(false), value]).optional();
const pattern = text.refine(isPattern, 'must be a regular expression');

const sizeRule = object({
  presets: list(text).optional(),
  rules: list(object({ side: range.optional(), pixels: range.optional(), aspect: number.optional() })).optional(),
  ratios: list(text).optional(),
  tiers: list(text).optional(),
  pixels: record(record(text)).optional(),
  renamed: record(text).optional(),
  default: z.union([text, object({})]),
});
const choice = object({ values: list(text), default: text.optional() });
const option = object({
  type: z.enum(['boolean', 'number', 'integer', 'string', 'image', 'json'], { error: 'must be a type of an option' }),
  about: text.optional(),
  values: list(text).optional(),
});
const price = object({
  amount: number.min(0, 'must not be negative'),
  currency: z.enum(['USD', 'CNY', 'EUR'], { error: 'must be USD, CNY or EUR' }),
  per: word,
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
const limits = object({
  prompt: object({ max: number.optional(), languages: list(text).optional() }).optional(),
  negativePrompt: orNone(object({})),
  perCall: number.min(1, 'must be 1 or more').optional(),
  seed: orNone(object({ max: number, within: z.enum(['step', 'same']) })),
  size: orNone(sizeRule),
  quality: orNone(choice),
  style: orNone(choice),
  background: orNone(choice),
  outputFormat: orNone(choice),
  outputCompression: list(text).optional(),
  images: orNone(object({ count: range, types: list(text), as: list(z.enum(['url', 'bytes'])) })),
  mask: orNone(object({ repaint: word })),
  factor: list(number).optional(),
  expand: object({ unit: z.enum(['ratio', 'px']), max: number }).optional(),
  partials: number.optional(),
  user: range.optional(),
  options: record(option).optional(),
  modes: list(z.enum(['job', 'call'])).optional(),
  latencyMs: range.optional(),
  prices: list(price).optional(),
  wire: record(z.unknown()).optional(),
});
const row = limits.extend({
  label: word,
  source: text,
  checked: day,
  operations: record(limits),
  delivery: z.union([object({ as: z.literal('bytes') }), object({ as: z.literal('url'), livesSeconds: number })], {
    error: 'must be bytes, or a url with livesSeconds',
  }),
  aliases: list(text).optional(),
  regions: record(object({ id: text.optional() })).optional(),
  deprecated: day.optional(),
  retires: day.optional(),
  successor: text.optional(),
});
const family = object({ ids: pattern.optional(), row });
const openRow = row.extend({ families: object({ option: word, rows: record(family) }).optional() });

const keyShape = object({
  own: pattern.optional(),
  doubted: list(object({ looks: pattern, because: word })).optional(),
});
const provider = object({
  id: text
    .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case letters, digits and -, a letter first')
    .regex(/^(?!auto$)/, 'must not be auto, which is the automatic choice'),
  label: word,
  models: record(row),
  defaultModel: word.optional(),
  unlisted: openRow.optional(),
  regions: record(
    object({ baseURL: text.refine(isWebURL, 'must be an http(s) URL'), hosts: pattern.optional() }),
  ).refine((regions) => Object.keys(regions).length > 0, 'must name one region or more'),
  keys: list(object({ env: variable, region: text.optional(), page: text.optional(), shape: keyShape.optional() })),
  baseURLs: list(object({ env: variable, region: text.optional(), form: text.optional() })).optional(),
  trustedHosts: list(word).optional(),
  rate: object({ concurrent: number.optional(), perMinute: number.optional() }).optional(),
});
const place = {
  module: text.regex(/^\.\/[^\\:]+$/, 'must be a path in the package, such as ./dist/index.js'),
  name: word,
};
const manifest = object({
  contract: z.literal(contractVersion),
  provider,
  factory: object(place),
  emulator: object({ ...place, id: word, keyEnv: variable, baseURLEnv: variable }).optional(),
  hosts: list(word),
  config: z.union([record(z.unknown()), z.boolean()], { error: 'must be a JSON Schema' }),
});

/**
 * The manifest that a value is. `name`: of the package, for messages. Throws `config` in one line: what is wrong, and who has to do what
 * about it.
 */
export function checkManifest(value: unknown, name: string): ProviderManifest {
  if (!isRecord(value) || typeof value.contract !== 'number' || !Number.isInteger(value.contract)) {
    throw wrong(name, 'it does not say its contract with anyimage');
  }
  const foreign = contractProblem(value.contract, name);
  if (foreign) throw foreign;
  const { success, error } = manifest.safeParse(value);
  if (!success) throw wrong(name, problemIn(error.issues[0]!));
  const checked = value as unknown as ProviderManifest;
  const inconsistent = inconsistency(checked);
  if (inconsistent) throw wrong(name, inconsistent);
  return checked;
}

function problemIn(issue: z.core.$ZodIssue): string {
  const { path, message } = issue.code === 'invalid_union' ? innermost(issue) : issue;
  // The rest of zod's own words: `Invalid input: expected string, received number`.
  return `${path.map((part) => quotedWord(String(part), 80)).join('.') || 'the manifest'} ${message.replace(/^Invalid/, 'has an invalid')}`;
}

/** Of alternatives, the one that got furthest says best what is wrong. */
function innermost(issue: z.core.$ZodIssueInvalidUnion): {
  readonly path: readonly PropertyKey[];
  readonly message: string;
} {
  const inner = issue.errors.flat().sort((one, other) => other.path.length - one.path.length)[0];
  if (!inner || inner.path.length === 0) return issue;
  const { path, message } = inner.code === 'invalid_union' ? innermost(inner) : inner;
  return { path: [...issue.path, ...path], message };
}

/** What no single field says. */
function inconsistency({ provider, hosts, emulator }: ProviderManifest): string | undefined {
  const { id, models, unlisted, defaultModel } = provider;
  for (const host of provider.trustedHosts ?? []) {
    const problem = trustedHostProblem(host);
    if (problem !== undefined) return `provider.trustedHosts: ${cleanText(problem)}`;
  }
  const unnamed = hostsOf(provider).find((host) => !hosts.includes(host));
  if (unnamed !== undefined) return `${id} talks to ${quotedWord(unnamed)}, which its hosts do not name`;
  const variables = [...provider.keys, ...(provider.baseURLs ?? [])].map(({ env }) => env);
  const foreign = [emulator?.keyEnv, emulator?.baseURLEnv].find((env) => env !== undefined && !variables.includes(env));
  if (foreign !== undefined) return `its emulator sets ${foreign}, which is no variable of ${id}`;
  if (defaultModel !== undefined && !unlisted && !Object.hasOwn(models, defaultModel)) {
    return `provider.defaultModel ${quotedWord(defaultModel)} is not in its table`;
  }
  if (Object.keys(models).length === 0 && !unlisted) return `${id} has no models`;
  return undefined;
}

function wrong(name: string, problem: string): ImageError {
  return new ImageError('config', `the manifest of ${quotedWord(name)} is not right: ${problem}`, {
    hint: 'Its author has to build it again, with the anyimage-manifest of the current @anyimage/testkit.',
  });
}

function isOneLine(value: string): boolean {
  return !value.includes('\n') && cleanText(value) === value;
}

/** Whether a variable has a meaning already, so that what is in it is no key. */
function isTaken(name: string): boolean {
  return (
    /^(?:ANYIMAGE|NODE|NPM|BUN|XDG|LC|LD|DYLD)_|_PROXY$/.test(name) ||
    /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|PWD|TMPDIR|TMP|TEMP|NO_COLOR|FORCE_COLOR)$/.test(name)
  );
}

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

function isWebURL(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? '');
}
