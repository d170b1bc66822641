// Every command with --json, run as `main` runs it, against the published JSON Schema: a member that it does not name is refused.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { configSchemaOf, contractVersion, hostsOf, type ProviderDefinition } from '@anyimage/core';
import { emulators, type KnownEmulator } from '@anyimage/host';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defName, documentsJSONSchema } from '../documents/json-schema.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

const published = JSON.parse(await readFile(new URL('../../json.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).addSchema(published, 'published');

type Emulator = Awaited<ReturnType<Awaited<ReturnType<KnownEmulator['load']>>['start']>>;

let folder: string;
let services: readonly Emulator[];
/** Of pictures that are paid for and not here, as `jobs list` told them. */
let tickets: readonly string[] = [];
const inFolder = (...names: string[]) => join(folder, ...names);

/** Runs the words in this process. What is printed must be one document of the command. */
async function run(command: string, words: readonly string[], stdin = ''): Promise<Printed> {
  const printed: string[] = [];
  const told: string[] = [];
  const keep = (list: string[]) => (text: string | Uint8Array) => list.push(String(text)) > 0;
  const streams = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep(printed)),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep(told)),
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([stdin]) as typeof process.stdin),
  ];
  const args = [...words, '--json'];
  process.exitCode = 0;
  try {
    await createProgram(args).parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = reportFailure(error, args);
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
  const code = Number(process.exitCode);
  process.exitCode = 0;
  const document = JSON.parse(printed.join(''));
  const check = ajv.getSchema(`published#/$defs/${defName(command)}`);
  check!(document);
  expect(check!.errors ?? [], `${words.join(' ')}\n${printed.join('')}${told.join('')}`).toEqual([]);
  return { code, document };
}

interface Printed {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: it was checked by its schema.
  readonly document: any;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-json-'));
  services = await Promise.all(emulators.map(async ({ load }) => (await load()).start({ key: 'test-key' })));
  const env = Object.assign({}, ...services.map((service) => service.env));
  vi.stubEnv('ANYIMAGE_HOME', inFolder('home'));
  vi.stubEnv('ANYIMAGE_KEYCHAIN', 'off');
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/');
  vi.stubEnv('npm_config_fetch_retries', '0');
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value as string);
  await mkdir(inFolder('project'));
  await writeFile(
    inFolder('project', 'anyimage.json'),
    '{ "providers": { "openai": { "baseURL": "https://it.example/v1" } }, "model": "openai" }',
  );
  await writeFile(inFolder('rows.txt'), 'a boat\na tram\n');
  await writeFile(inFolder('wrong.csv'), 'prompt,size\na boat,9x9x9\n');
  await writePlugin(inFolder('plugin'));
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
  await rm(folder, { recursive: true, force: true });
});

/** A plugin as it is added from a folder: none of its code is run. */
async function writePlugin(path: string): Promise<void> {
  const provider: ProviderDefinition = {
    id: 'paint',
    label: 'Paint',
    models: {
      'paint-1': {
        label: 'Paint 1',
        source: 'https://paint.example/docs',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        size: { presets: ['64x64'], default: '64x64' },
        prices: [{ amount: 0.01, currency: 'USD', per: 'image' }],
      },
    },
    defaultModel: 'paint-1',
    regions: { world: { baseURL: 'https://api.paint.example/v1' } },
    keys: [{ env: 'PAINT_API_KEY' }],
    baseURLs: [{ env: 'PAINT_BASE_URL' }],
  };
  const manifest = {
    contract: contractVersion,
    provider,
    factory: { module: './dist/index.js', name: 'make' },
    hosts: hostsOf(provider),
    config: configSchemaOf(provider),
  };
  const about = {
    ...{ name: 'anyimage-provider-paint', version: '1.0.0', license: 'MIT', type: 'module', files: ['dist'] },
    keywords: ['anyimage-provider'],
    exports: { '.': './dist/index.js', './manifest.json': './dist/manifest.json' },
  };
  const files = {
    'package.json': JSON.stringify(about),
    'dist/index.js': 'export const make = () => {};',
    'dist/manifest.json': JSON.stringify(manifest),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
}

function cogview(): Emulator {
  return services[emulators.findIndex(({ provider }) => provider === 'cogview')]!;
}

/** What is run of each command, in this order: words, the exit code, and what is on stdin. */
const cases: Readonly<Record<string, readonly (readonly [words: string, code: number, stdin?: string])[]>> = {
  version: [['version', 0]],
  make: [
    ['make a boat --size 64x64 -o FOLDER/boat.png', 0],
    ['make a boat -m cogview --dry-run -n 2', 0],
    ['make a boat -m auto --dry-run', 0],
    ['make a boat -m cogview/cogview-4-250304 -n 2 -o FOLDER/paid/', 0],
    ['make a boat -m openai --size 9x9', 2],
    ['make a boat -m nosuch', 2],
    ['make a boat -m cogview/glm-image --timeout 1s -o FOLDER/late.png', 1],
    ['make a boat -m cogview/glm-image --timeout 1s -o FOLDER/later.png', 1],
  ],
  again: [
    ['again FOLDER/boat.png --seed 8 -o FOLDER/again.png', 0],
    ['again FOLDER/none.png', 2],
  ],
  compare: [
    ['compare a boat -m sketch -m cogview --dry-run', 0],
    ['compare a boat -m sketch -m cogview/cogview-4-250304 -o FOLDER/compared', 0],
    ['compare a boat -m sketch -m openai --size 9x9', 2],
    ['compare a boat -m sketch', 2],
  ],
  edit: [
    ['edit FOLDER/boat.png make it night -m openai --dry-run', 0],
    ['edit FOLDER/none.png make it night -m openai', 2],
  ],
  history: [
    ['history', 0],
    ['history nothing has these words', 0],
    ['history --scan FOLDER/none', 2],
  ],
  info: [
    ['info FOLDER/boat.png', 0],
    ['info FOLDER/rows.txt', 2],
    ['info FOLDER/boat.png --embed FOLDER/embedded.png', 0],
    ['info FOLDER/embedded.png', 0],
    ['info FOLDER/boat.png --embed FOLDER/embedded.jpg', 2],
  ],
  // What is there would be opened on the screen of whoever runs the tests.
  open: [['open FOLDER/nosuch.png', 2]],
  diff: [
    ['diff FOLDER/boat.png FOLDER/again.png -o FOLDER/both.png', 0],
    ['diff FOLDER/boat.png last', 0],
    ['diff FOLDER/boat.png FOLDER/none.png', 2],
  ],
  stats: [
    ['stats', 0],
    ['stats --since 2026-02-30', 2],
  ],
  rm: [
    ['rm FOLDER/again.png --yes', 0],
    ['rm FOLDER/again.png --yes', 2],
  ],
  batch: [
    ['batch FOLDER/rows.txt --dry-run -o FOLDER/rows', 0],
    ['batch FOLDER/rows.txt --size 64x64 -o FOLDER/rows', 0],
    ['batch FOLDER/wrong.csv --dry-run -o FOLDER/wrong', 2],
    ['batch FOLDER/wrong.csv -o FOLDER/wrong', 2],
    ['batch FOLDER/none.txt', 2],
  ],
  'jobs list': [
    ['jobs list', 0],
    ['jobs', 0],
  ],
  'jobs cancel': [
    ['jobs cancel all', 1],
    ['jobs cancel t-none', 2],
    ['jobs cancel t-none t-other', 1],
  ],
  'jobs drop': [
    ['jobs drop TICKET --yes', 0],
    ['jobs drop all', 2],
    ['jobs drop t-none', 2],
  ],
  'jobs resume': [
    ['jobs resume -o FOLDER/resumed/', 0],
    ['jobs resume t-none', 2],
  ],
  models: [
    ['models', 0],
    ['models openrouter --refresh', 0],
    ['models nosuch', 2],
  ],
  'models add': [
    ['models add openai/own-1 --like gpt-image-2 --price 0.04USD/image', 0],
    ['models add nosuch/own-1', 2],
  ],
  'models edit': [
    ['models edit openai/own-1 --set perCall=4', 0],
    ['models edit openai/own-1', 2],
  ],
  'models remove': [
    ['models remove openai/own-1', 0],
    ['models remove openai/own-1', 2],
  ],
  'models update': [
    ['models update cogview --dry-run', 2],
    ['models update --undo', 0],
    ['models update', 2],
  ],
  providers: [['providers', 0]],
  styles: [
    ['styles', 0],
    ['styles nosuch', 2],
  ],
  use: [
    ['use', 0],
    ['use sketch cogview', 0],
    ['use nosuch', 2],
  ],
  init: [
    ['init sketch --no-use', 0],
    ['init cogview --file', 0],
    ['init nosuch', 2],
  ],
  'keys set': [
    ['keys set cogview --file', 0, 'test-key-of-mine'],
    ['keys set nosuch', 2],
  ],
  'keys list': [
    ['keys list', 0],
    ['keys', 0],
  ],
  'keys remove': [
    ['keys remove cogview', 0],
    ['keys remove cogview', 2],
  ],
  'config set': [
    ['config set budget.perDay 100 USD', 0],
    ['config set nosuch 1', 2],
  ],
  'config get': [
    ['config get', 0],
    ['config', 0],
    ['config get nosuch', 2],
  ],
  'config path': [['config path', 0]],
  'config explain': [
    ['config explain', 0],
    ['config explain budget.perCall', 0],
    ['config explain nosuch', 2],
  ],
  'config unset': [['config unset budget', 0]],
  trust: [
    ['trust FOLDER/project', 2],
    ['trust FOLDER/project --yes', 0],
    ['trust FOLDER/project --remove', 0],
    ['trust FOLDER', 2],
  ],
  // Where it is run from sources, the MCP server is not beside it.
  doctor: [['doctor', 1]],
  'plugins add': [
    ['plugins add FOLDER/plugin --yes', 0],
    ['plugins add FOLDER/none --yes', 2],
  ],
  'plugins list': [
    ['plugins list', 0],
    ['plugins', 0],
  ],
  'plugins update': [
    ['plugins update', 0],
    ['plugins update nosuch', 2],
  ],
  'plugins remove': [
    ['plugins remove paint', 0],
    ['plugins remove paint', 2],
  ],
};

for (const [command, lines] of Object.entries(cases)) {
  test(`${command} --json prints its document`, async () => {
    for (const [line, code, stdin] of lines) {
      // The service takes the job, and is silent when it is asked how it goes.
      if (line.includes('--timeout')) cogview().fault({ on: 'check', kind: 'hang', times: 1 });
      const words = line
        .replaceAll('FOLDER', folder)
        .replace('TICKET', tickets[0] ?? '')
        .split(' ');
      const { code: ended, document } = await run(command, words, stdin);
      if (document.pending?.length > 0) tickets = document.pending.map(({ id }: { readonly id: string }) => id);
      expect(ended, `${line}\n${JSON.stringify(document)}`).toBe(code);
    }
  });
}

/** The commands that take --json, as they are typed. The program itself is `make`. */
function withJSON(command: Command, path: readonly string[] = []): readonly string[] {
  const isOne = path.length > 0 && command.options.some(({ long }) => long === '--json');
  const below = command.commands.flatMap((one) => withJSON(one, [...path, one.name()]));
  return [...(isOne ? [path.join(' ')] : []), ...below];
}

test('every command with --json has its document, is tried here, and refuses an unknown flag with one', async () => {
  const commands = withJSON(createProgram());
  expect([...Object.keys(cases)].sort()).toEqual([...commands].sort());
  const documents = published.anyOf.map(({ $ref }: { readonly $ref: string }) => $ref.replace('#/$defs/', ''));
  expect([...documents].sort()).toEqual(commands.map(defName).sort());
  for (const command of commands) {
    const { code, document } = await run(command, [...command.split(' '), '--no-such-flag']);
    expect([code, document.error.code], command).toEqual([2, 'invalid-request']);
  }
});

// anyimage help json > apps/cli/json.schema.json makes it anew.
test('the published JSON Schema is that of the code', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(documentsJSONSchema())));
});
