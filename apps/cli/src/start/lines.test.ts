// What commands show, as `main` runs them, at terminals of 40, 80 and 140 columns, in English and in Chinese: no line is wider, and
// nothing of it is left in English.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { emulators, type KnownEmulator } from '@anyimage/host';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { longestPiece, width } from '../print/terminal/wrap.ts';
import { speak } from '../print/words/translated.ts';
import { zh } from '../print/words/zh.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

type Emulator = Awaited<ReturnType<Awaited<ReturnType<KnownEmulator['load']>>['start']>>;

let top: string;
let services: readonly Emulator[];
let tickets: readonly string[];
const inTop = (...names: string[]) => join(top, ...names);

/** Wide letters, emoji, a word that fits no narrow terminal, and a URL. */
const prompt =
  '一只戴红围巾的小猫🐈坐在窗边看雪 Donaudampfschifffahrtsgesellschaftskapitänsmütze https://example.com/a/b?c=d';

/** What is shown on both streams of a terminal of so many columns; without them, of none. */
async function run(words: readonly string[], columns?: number): Promise<string> {
  const piped = words[0] === 'keys' && words[1] === 'set' ? 'test-key-of-mine' : '';
  const told: string[] = [];
  const keep = (text: string | Uint8Array) => told.push(String(text)) > 0;
  const streams = [process.stdout, process.stderr];
  const before = streams.map(({ isTTY, columns }) => ({ isTTY, columns }));
  for (const stream of streams) Object.assign(stream, { isTTY: columns !== undefined, columns });
  const spies = [
    ...streams.map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep)),
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([piped]) as typeof process.stdin),
  ];
  try {
    await createProgram(words).parseAsync([...words], { from: 'user' });
  } catch (error) {
    reportFailure(error, words);
  } finally {
    for (const spy of spies) spy.mockRestore();
    for (const [index, stream] of streams.entries()) Object.assign(stream, before[index]);
    process.exitCode = 0;
  }
  return stripVTControlCharacters(told.join(''));
}

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'anyimage 主-'));
  services = await Promise.all(emulators.map(async ({ load }) => (await load()).start({ key: 'test-key' })));
  vi.stubEnv('ANYIMAGE_HOME', inTop('home'));
  vi.stubEnv('ANYIMAGE_KEYCHAIN', 'off');
  vi.stubEnv('NO_COLOR', '1');
  for (const [name, value] of Object.entries(Object.assign({}, ...services.map(({ env }) => env)))) {
    vi.stubEnv(name, value as string);
  }
  await mkdir(inTop('project'));
  await writeFile(
    inTop('project', 'anyimage.json'),
    '{ "providers": { "openai": { "baseURL": "https://it.example/v1" } }, "model": "openai" }',
  );
  await writeFile(inTop('rows.csv'), `prompt,未用\n"${prompt}",1\na boat,2\n`);
  await writeFile(inTop('wrong.csv'), `prompt,size\n"${prompt}",9x9x9\n`);
  const said = [
    await run(['make', prompt, '--size', '64x64', '-o', inTop('图片', '小猫.png')]),
    await run(['make', prompt, '--size', '64x64', '--seed', '7', '-o', inTop('a folder', 'cat.png')]),
    await run(['config', 'set', 'styles.mine', prompt]),
  ];
  expect(said.join('')).not.toContain('error:');
  services[emulators.findIndex(({ provider }) => provider === 'cogview')]!.fault({
    on: 'check',
    kind: 'hang',
    times: 1,
  });
  const late = await run(['make', prompt, '-m', 'cogview/glm-image', '--timeout', '1s', '-o', inTop('late.png')]);
  tickets = late.match(/t-[0-9a-f]{8,}/g) ?? [];
  expect(tickets.length).toBeGreaterThan(0);
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
  await rm(top, { recursive: true, force: true });
});
afterEach(() => speak(undefined));

/** Lines with `TOP` for the folder, in this order. What they change, they change again. */
const lines = [
  'make 一只小猫 --dry-run -n 2 -m cogview/cogview-4-250304',
  'make 一只小猫 --dry-run -m google --enhance -m sketch',
  'make 一只小猫 --dry-run --seed 7 --size 1000x1000 --nearest -m openai',
  'compare 一只小猫 --dry-run -m sketch -m cogview -m openai',
  'batch TOP/rows.csv --dry-run -o TOP/rows -m cogview',
  'batch TOP/wrong.csv --dry-run -o TOP/wrong',
  'history',
  'history 没有',
  'info TOP/图片/小猫.png',
  'info TOP/图片/小猫.png --embed TOP/copy.png --force',
  'info TOP/copy.png',
  'diff TOP/图片/小猫.png last',
  'stats',
  'jobs list',
  'models',
  'models google/gemini-3-pro-image',
  'models bailian',
  'providers',
  'styles',
  'styles mine',
  'use',
  'keys list',
  'config explain',
  'config explain budget',
  'trust TOP/project',
  'plugins list',
  'plugins update',
  'models update --undo',
  'doctor',
  'rm TOP/图片/小猫.png',
  'make',
  'make 一只小猫 --size 64x64 -o TOP/新.png --force --embed --no-preview',
  'batch TOP/rows.csv --size 64x64 -o TOP/rows --no-preview',
  'use sketch cogview',
  'use sketch',
  'init sketch --no-use',
  'keys set cogview --file',
  'keys remove cogview',
  'config set budget.perDay 100 USD',
  'config unset budget',
  'models add openai/own-1 --like gpt-image-2 --price 0.04USD/image',
  'models edit openai/own-1 --set perCall=4',
  'models remove openai/own-1',
  'trust TOP/project --yes',
  'trust TOP/project --remove',
  'jobs cancel t-none',
  'jobs drop all',
];

const cases = [40, 80, 140].flatMap((columns) => [
  { columns, language: 'English', catalogue: undefined },
  { columns, language: 'Chinese', catalogue: zh },
]);

describe.each(cases)('at $columns columns in $language', ({ columns, catalogue }) => {
  test.each(lines)('%s', async (line) => {
    speak(catalogue);
    const shown = await run(
      line.split(' ').map((word) => word.replace('TOP', top)),
      columns,
    );
    expect(shown).not.toBe('');
    expect(shown).not.toMatch(/undefined|\[object/);
    // The paths of what was made stand on stdout as they are.
    const wide = shown.split(/[\n\r]/).filter((one) => !fits(one, columns) && !one.startsWith(top));
    expect(wide).toEqual([]);
    if (/^(?:info|diff) TOP.图片\S* ?(?:last)?$/.test(line)) expect(shown).toContain('图片/小猫.png');
  });
});

/** Whether a line is no wider than the terminal, or one piece that would be broken. */
function fits(line: string, columns: number): boolean {
  const indent = line.length - line.trimStart().length;
  return width(line) <= columns || longestPiece(line.trim()) + indent >= columns;
}

test.each([
  'make 一只小猫 --dry-run -m cogview',
  'batch TOP/rows.csv --dry-run -o TOP/rows',
  'info TOP/图片/小猫.png',
  'diff TOP/图片/小猫.png last',
  'stats',
  'jobs list',
  'models google/gemini-3-pro-image',
  'styles',
  'keys list',
  'config explain budget',
  'doctor',
])('what programs read is the same in Chinese: %s --json', async (line) => {
  const words = [...line.split(' ').map((word) => word.replace('TOP', top)), '--json'];
  const document = (shown: string) => shown.slice(shown.indexOf('{'), shown.lastIndexOf('\n}'));
  const english = document(await run(words));
  speak(zh);
  expect(document(await run(words))).toBe(english);
});

// Where nothing is wrapped, a line is a sentence.
test.each(lines)('in Chinese nothing of it is left in English: %s', async (line) => {
  speak(zh);
  const shown = await run(line.split(' ').map((word) => word.replace('TOP', top)));
  expect(shown.split('\n').filter(isEnglish)).toEqual([]);
});

/** Words that are in most English sentences, and in no list of names. */
const usual =
  /\b(?:the|is|are|of|for|with|not|by|to|and|or|that|which|what|this|was|were|has|have|its|your|than|from|into|without|only|such|as)\b/;

/** Whether a line has English words, but for what a person wrote or is to type, and for errors and warnings, which are in English. */
function isEnglish(line: string): boolean {
  if (/^ *(?:error:|try:|警告:|可试:|changed:|✗|第 \d+ 行:)/.test(line)) return false;
  return usual.test(
    line.replace('(on this machine)', '').replaceAll(/"[^"]*"|anyimage [^，。；)]*|\S*[/\\.=-]\S*/g, ''),
  );
}
