// What has to be known to write a package: each answer with its form, and what follows from others where it is not given.

import { basename, resolve } from 'node:path';

/** Everything that the package depends on. */
export interface Answers {
  /** Where it is written, absolute. */
  readonly folder: string;
  /** The name of the npm package. */
  readonly packageName: string;
  /** The word in `-m ID`. */
  readonly id: string;
  /** The name of the service, for people. */
  readonly label: string;
  /** Without a slash at its end. */
  readonly baseURL: string;
  /** The environment variable that holds the key. */
  readonly keyEnv: string;
  /** `sync`: the service answers in one call. `job`: it takes a job, which is asked after. */
  readonly mode: 'sync' | 'job';
}

/** What a person gave so far. */
export type Given = { readonly [K in keyof Answers]?: string };

/** A slip of the person: what is wrong and what to do, for them to read. */
export class Slip extends Error {}

/** The answer to each question, in the order in which they are asked, with what it is if nothing is given. */
export const questions = [
  { name: 'folder', asks: 'Folder to write it into', usual: () => undefined },
  { name: 'label', asks: 'Name of the service, for people', usual: ({ folder = '' }: Given) => titled(idFrom(folder)) },
  {
    name: 'baseURL',
    asks: 'Base URL of its API',
    usual: ({ folder = '' }: Given) => `https://api.${idFrom(folder)}.example/v1`,
  },
  {
    name: 'keyEnv',
    asks: 'Environment variable for the key',
    usual: ({ folder = '' }: Given) => `${constant(idFrom(folder))}_API_KEY`,
  },
  { name: 'mode', asks: 'Does it answer at once (sync) or through jobs (job)?', usual: () => 'sync' },
] as const satisfies readonly {
  readonly name: keyof Answers;
  readonly asks: string;
  usual(given: Given): string | undefined;
}[];

/** All answers, from those that were given and what follows from them. Throws a {@link Slip} for the first that is wrong. */
export function complete(given: Given): Answers {
  const folder = resolve(check('folder', given.folder));
  const id = idFrom(folder);
  const or = (name: (typeof questions)[number]['name']) => {
    const usual = questions.find((question) => question.name === name)!.usual({ folder });
    return check(name, given[name] ?? usual);
  };
  return {
    folder,
    id,
    packageName: check('packageName', given.packageName ?? `anyimage-provider-${id}`),
    label: or('label'),
    baseURL: or('baseURL').replace(/\/+$/, ''),
    keyEnv: or('keyEnv'),
    mode: or('mode') === 'job' ? 'job' : 'sync',
  };
}

/** An answer as it is, if it has the form of one. */
export function check(name: keyof Answers, answer: string | undefined): string {
  const text = answer?.trim() ?? '';
  const problem = problems[name](text);
  if (problem) throw new Slip(problem);
  return text;
}

/** Providers that come with anyimage: it does not load another of the same name. */
export const builtIn: ReadonlySet<string> = new Set([
  ...['bailian', 'cogview', 'google', 'openai', 'openrouter', 'seedream', 'sketch'],
]);

const problems: { readonly [K in keyof Answers]: (text: string) => string | undefined } = {
  folder(text) {
    if (text === '') return 'Name the folder to write into, such as paint-box: npm create @anyimage/provider paint-box';
    return problems.id(idFrom(text));
  },
  id(text) {
    if (builtIn.has(text))
      return `anyimage has a provider ${text} already: name the folder otherwise, such as my-${text}`;
    if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 40) return undefined;
    const shown = text.length > 60 ? `${text.slice(0, 40)}…` : text;
    const named = text === '' ? 'The folder' : `The name ${JSON.stringify(shown)}`;
    return `${named} cannot be a provider: it takes lower case letters, digits and single dashes, a letter first, at most 40 in all, such as paint-box`;
  },
  packageName(text) {
    if (/^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(text) && text.length <= 214) return undefined;
    return `--package ${JSON.stringify(text)} is no name of an npm package, such as anyimage-provider-paint-box or @me/paint-box`;
  },
  label(text) {
    if (/^[\p{L}\p{N}][\p{L}\p{N} .+&-]*$/u.test(text) && text.length <= 60) return undefined;
    return `The label ${JSON.stringify(text)} takes letters, digits, spaces and . + & -, at most 60 of them`;
  },
  baseURL(text) {
    const url = URL.parse(text);
    const isHere = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
    // The text goes into a program as it is.
    if (isPlain && (url.protocol === 'https:' || isHere) && /^[\w.:/%~-]+$|^http:\/\/\[::1\][\w.:/%~-]*$/.test(text)) {
      return undefined;
    }
    return `The base URL must be an https URL of origin and path alone, such as https://api.paint-box.example/v1${
      /@|[?#]/.test(text) ? '' : `, not ${JSON.stringify(text)}`
    }`;
  },
  keyEnv(text) {
    if (/^[A-Z][A-Z0-9_]*$/.test(text) && text.length <= 80) return undefined;
    // It may be a key itself: it is not repeated.
    return 'The key variable is the NAME of an environment variable (capitals, digits and _, such as PAINT_BOX_API_KEY), never the key itself';
  },
  mode(text) {
    return text === 'sync' || text === 'job'
      ? undefined
      : 'Answer sync (one call) or job (submit, then ask until done)';
  },
};

/** `packages/anyimage-provider-paint-box` is `paint-box`. */
function idFrom(folder: string): string {
  return basename(resolve(folder)).replace(/^anyimage-(provider-)?/, '');
}

/** `paint-box` is `Paint Box`. */
function titled(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** `paint-box` is `PAINT_BOX`. */
export function constant(id: string): string {
  return id.toUpperCase().replaceAll('-', '_');
}
