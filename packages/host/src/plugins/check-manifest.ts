// Whether something is the manifest of a provider package, before it is kept. What is kept is not checked again at every start.

import {
  checkRow,
  checkTable,
  cleanText,
  contractVersion,
  hostsOf,
  ImageError,
  isRecord,
  type ProviderManifest,
  quotedWord,
  type TableProblem,
  trustedHostProblem,
} from '@anyimage/core';
import * as z from 'zod';
import { contractProblem } from './contract.ts';

const text = z.string({ error: 'must be text' });
const word = text.min(1, 'must not be empty').refine(isOneLine, 'must be one line of characters that can be seen');
const number = z.number({ error: 'must be a number' });
const variable = text
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a variable: capital letters, digits and _')
  .refine((name) => !isTaken(name), 'must not be a variable of the system, of Node or of anyimage');
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
const pattern = text.refine(isPattern, 'must be a regular expression');
/** What core says of tables, among the words of a manifest. */
const checkedBy = (check: (value: unknown) => TableProblem | undefined) =>
  z.unknown().superRefine((value, context) => {
    const found = check(value);
    if (found) context.addIssue({ code: 'custom', path: [...found.path], message: found.problem });
  });

const keyShape = object({
  own: pattern.optional(),
  doubted: list(object({ looks: pattern, because: word })).optional(),
});
const form = text.regex(
  /^https:\/\/\*(?:\.[a-z0-9-]+)+(?:\/[^*?#]*)?$/,
  'must be a base URL with * for the name of a host below a domain, such as https://*.service.example/v1',
);
const provider = object({
  id: text
    .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case letters, digits and -, a letter first')
    .regex(/^(?!auto$)/, 'must not be auto, which is the automatic choice'),
  label: word,
  models: checkedBy(checkTable),
  defaultModel: word.optional(),
  unlisted: checkedBy((row) => (row === undefined ? undefined : checkRow(row, { unlisted: true }))).optional(),
  catalogue: z.literal(true, { error: 'must be true, or absent' }).optional(),
  regions: record(
    object({ baseURL: text.refine(isWebURL, 'must be an http(s) URL'), hosts: pattern.optional() }),
  ).refine((regions) => Object.keys(regions).length > 0, 'must name one region or more'),
  keys: list(object({ env: variable, region: text.optional(), page: text.optional(), shape: keyShape.optional() })),
  baseURLs: list(object({ env: variable, region: text.optional(), form: form.optional() })).optional(),
  trustedHosts: list(word).optional(),
  rate: object({
    concurrent: number.optional(),
    perSecond: number.optional(),
    perMinute: number.optional(),
  }).optional(),
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
  const { path, message } = issue;
  // The rest of zod's own words: `Invalid input: expected string, received number`.
  return `${path.map((part) => quotedWord(String(part), 80)).join('.') || 'the manifest'} ${message.replace(/^Invalid/, 'has an invalid')}`;
}

/** What no single field says. */
function inconsistency({ provider, hosts, emulator }: ProviderManifest): string | undefined {
  const { id, models, unlisted, defaultModel, baseURLs = [], trustedHosts = [] } = provider;
  for (const [word, named] of Object.entries({ baseURLs: hostsOf({ regions: {}, baseURLs }), trustedHosts })) {
    const problem = named.map(trustedHostProblem).find((one) => one !== undefined);
    if (problem !== undefined) return `provider.${word}: ${cleanText(problem)}`;
  }
  const unnamed = hostsOf(provider).find((host) => !hosts.includes(host));
  if (unnamed !== undefined) return `${id} talks to ${quotedWord(unnamed)}, which its hosts do not name`;
  const variables = [...provider.keys, ...baseURLs].map(({ env }) => env);
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
