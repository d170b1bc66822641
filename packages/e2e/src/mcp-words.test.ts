// How agents write arguments, each way sent to the built MCP server as it is on the wire: it is read as it is meant, or refused in few words
// with the next step, and then nothing is sent to the service. The same ways at the command line.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';
import { newServer, type RawServer, startRaw } from './run-mcp.ts';

interface Answer {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: { readonly images?: readonly object[]; readonly errors?: readonly object[] };
  readonly isError?: boolean;
}

/** What comes of arguments. */
interface Way {
  readonly tool?: string;
  readonly given: unknown;
  /** What the service is sent, in part. */
  readonly sends?: object;
  /** How often the service is asked; default once, where `sends` says what. */
  readonly calls?: number;
  /** What the first picture is, in part. */
  readonly makes?: object;
  /** What the text says. */
  readonly says?: RegExp;
  /** The refusal, with its next step. */
  readonly refused?: RegExp;
  /** The same at the command line; without it, the words have no such form there. */
  readonly typed?: readonly string[];
}

const card = drawTestCard({ prompt: 'a boat', width: 64, height: 64, seed: 1 });
const base64 = Buffer.from(card).toString('base64');
const long = 'A'.repeat(20_000);

let service: Emulator;
let raw: RawServer;
let pictures: string;

beforeAll(async () => {
  service = await emulator.start();
  const server = await newServer({ ...service.env, ANYIMAGE_MODEL: 'sketch' });
  pictures = join(server.env.ANYIMAGE_HOME!, 'pictures');
  await mkdir(pictures, { recursive: true });
  await writeFile(join(pictures, 'my card.png'), card);
  raw = startRaw(server);
  const clientInfo = { name: 'test', version: '1.0.0' };
  await raw.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
});
afterAll(async () => {
  raw.child.stdin.end();
  await raw.ended;
  await service.close();
});

async function call(name: string, given: unknown): Promise<Answer> {
  const { result, error } = await raw.ask('tools/call', { name, arguments: given });
  if (!result) throw new Error(`${name} was not answered: ${JSON.stringify(error)}`);
  return result as unknown as Answer;
}

function textOf({ content }: Answer): string {
  return content.map(({ text }) => text ?? '').join('\n');
}

/** Words for a service that is paid. */
const paid = (words: object) => ({ prompt: 'a boat', model: 'cogview', ...words });
/** Words for a picture that is drawn here. */
const free = (words: object) => ({ prompt: 'a boat', size: '64x64', ...words });
/** A picture to change, and words for it. */
const edit = (words: object) => ({ prompt: 'at night', ...words });
const plan = (...typed: readonly string[]) => ['a boat', '-m', 'cogview', ...typed];

const ways: readonly Way[] = [
  // Numbers, switches, lists and objects as text.
  { given: paid({ n: '2' }), sends: { model: 'cogview-4-250304' }, calls: 2, typed: plan('-n', '2') },
  { given: paid({ n: '"1"' }), sends: {} },
  { given: paid({ n: [1] }), sends: {} },
  { given: paid({ n: 1.0, waitSeconds: '20' }), sends: {} },
  { given: free({ seed: '7' }), makes: { seed: 7 } },
  { given: free({ seed: 7.0 }), makes: { seed: 7 } },
  { given: free({ seed: -1 }), makes: {} },
  { given: free({ seed: 'random' }), makes: {} },
  { given: paid({ providerOptions: '{"watermark":false}' }), sends: { watermark_enabled: false } },
  { given: paid({ providerOptions: { watermark: false } }), sends: { watermark_enabled: false } },
  { given: paid({ provider_options: '{}' }), sends: {} },
  { given: paid({ route: '{"maxCost":{"amount":"1","currency":"cny"}}' }), sends: {} },
  { given: paid({ route: { maxCost: null, prefer: null } }), sends: {} },
  { given: { arguments: paid({}) }, sends: {} },
  { given: { params: JSON.stringify(paid({})) }, sends: {} },
  // What stands for nothing.
  {
    given: paid({ negativePrompt: '', size: null, quality: '' }),
    sends: { prompt: 'a boat' },
    typed: plan('--size', ''),
  },
  { given: paid({ background: 'auto', quality: 'auto' }), sends: {}, typed: plan('--background', 'auto') },
  {
    given: paid({ style: 'none', resolution: 'default' }),
    sends: {},
    typed: plan('--style', 'none', '--quality', 'auto'),
  },
  { given: paid({ size: 'auto', aspectRatio: 'none' }), sends: { prompt: 'a boat' }, typed: plan('--size', 'auto') },
  { given: paid({ images: [], mask: null }), sends: {} },
  { given: paid({ enhance: 'false', translate: false }), sends: {}, typed: plan('--enhance', 'off') },
  { given: paid({ enhance: 'none' }), sends: {} },
  { given: paid({ enhance: 'no' }), sends: {} },
  { given: paid({ outputFormat: 'null', user: 'undefined' }), sends: {} },
  { given: paid({ steps: null, guidance_scale: '' }), sends: {} },
  // Sizes and shapes.
  { given: paid({ size: '512*512' }), sends: { size: '512x512' }, typed: plan('--size', '512*512') },
  { given: paid({ size: '512×768' }), sends: { size: '512x768' }, typed: plan('--size', '512×768') },
  { given: paid({ size: '512 x 512' }), sends: { size: '512x512' }, typed: plan('--size', '512 x 512') },
  { given: paid({ size: '512X512 px' }), sends: { size: '512x512' }, typed: plan('--size', '512X512 px') },
  { given: paid({ size: [512, 512] }), sends: { size: '512x512' } },
  { given: paid({ size: '{"width":512,"height":512}' }), sends: { size: '512x512' } },
  { given: paid({ width: '512', height: 768 }), sends: { size: '512x768' } },
  { given: paid({ image_size: '512x512' }), sends: { size: '512x512' } },
  {
    given: paid({ size: 512 }),
    sends: { size: '512x512' },
    says: /size 512 became 512x512/,
    typed: plan('--size', '512'),
  },
  {
    given: paid({ size: '16x9' }),
    sends: { size: '1536x864' },
    says: /size 16x9 became 16:9/,
    typed: plan('--size', '16x9'),
  },
  { given: paid({ size: 'widescreen' }), sends: {}, says: /widescreen became 16:9/ },
  { given: paid({ aspect_ratio: '16x9' }), sends: {}, typed: plan('--aspect-ratio', '16x9') },
  { given: paid({ aspectRatio: '1 : 1' }), sends: { size: '1024x1024' }, typed: plan('--aspect-ratio', '1 : 1') },
  { given: paid({ aspectRatio: '1024x1024' }), sends: { size: '1024x1024' } },
  { given: paid({ size: '1024x1024', aspectRatio: '1:1' }), sends: { size: '1024x1024' } },
  { given: paid({ resolution: '512x512' }), sends: { size: '512x512' }, typed: plan('--resolution', '512x512') },
  // Other names.
  { given: { text: 'a boat', model_name: 'cogview', num_images: 1 }, sends: { prompt: 'a boat' } },
  { given: paid({ num_images: 2, quality: 'HD' }), sends: { quality: 'hd' }, calls: 2 },
  { given: paid({ n: 1, count: '1' }), sends: {} },
  { given: paid({ max_cost: '1 CNY' }), sends: {}, typed: plan('--max-cost', '1 CNY') },
  { given: paid({ maxCost: 'CNY 1' }), sends: {}, typed: plan('--max-cost', 'CNY 1') },
  { given: free({ output_format: '.PNG' }), makes: { mediaType: 'image/png' } },
  { given: free({ format: 'image/jpeg' }), makes: {} },
  { given: paid({ response_format: 'b64_json' }), sends: {}, says: /responseFormat b64_json was left out/ },
  // Pictures.
  { tool: 'edit_image', given: edit({ images: 'my card.png' }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: '["my card.png"]' }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: ['"my card.png"'] }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ image: "'my card.png'" }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ reference_images: [{ path: 'my card.png' }] }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: [base64] }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: [`"data:image/png;base64,${base64}"`] }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: [` data: image/png; base64, ${base64} `] }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: [`image/png;base64,${base64}`] }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: [{ type: 'image', data: base64, mimeType: 'image/png' }] }), makes: {} },
  { tool: 'edit_image', given: edit({ images: 'last' }), makes: { width: 64 } },
  { tool: 'edit_image', given: edit({ images: ['last:2'] }), makes: { width: 64 } },
  { tool: 'edit_image', given: { images: ['my card.png'], factor: '2x', mask: 'none' }, makes: { width: 128 } },
  {
    tool: 'edit_image',
    given: { images: ['my card.png'], prompt: 'x', expand: '{"left":"0.5"}' },
    makes: { width: 96 },
  },
  // Refused, with what to do.
  { given: {}, refused: /needs prompt.*What to draw/s },
  { given: { prompt: '  ' }, refused: /needs prompt/ },
  {
    given: paid({ n: 'two' }),
    refused: /n must be a whole number from 1 to 100 \(got “two”\)/,
    typed: plan('-n', 'two'),
  },
  { given: paid({ n: 0 }), refused: /n must be a whole number from 1 to 100/, typed: plan('-n', '0') },
  { given: paid({ size: 'huge' }), refused: /size must be WIDTHxHEIGHT/, typed: plan('--size', 'huge') },
  { given: paid({ width: 512 }), refused: /width must come with the other side.*Give size/s },
  { given: paid({ size: long }), refused: /size must be WIDTHxHEIGHT in px.*a text of 20000 characters/s },
  {
    given: paid({ aspct_ratio: '1:1' }),
    refused: /no argument “aspct_ratio”.*Did you mean aspectRatio\?/s,
    typed: plan('--aspct-ratio', '1:1'),
  },
  { given: paid({ steps: 30 }), refused: /no argument “steps”.*providerOptions/s },
  { given: paid({ [long]: 1 }), refused: /no argument a text of 20000 characters/ },
  { given: paid({ n: 1, num_images: 2 }), refused: /“num_images” is another name of n/ },
  { given: paid({ reference_images: ['a.png'] }), refused: /Call edit_image with images/ },
  {
    given: paid({ maxCost: 0.3 }),
    refused: /maxCost must be an amount and its currency.*"0\.30 USD"/s,
    typed: plan('--max-cost', '0.3'),
  },
  {
    given: paid({ prefer: 'beauty' }),
    refused: /prefer must be one of: price, speed, quality/,
    typed: plan('--prefer', 'beauty'),
  },
  { given: paid({ providerOptions: 'watermark=false' }), refused: /providerOptions must be an object, such as/ },
  { given: paid({ model: long }), refused: /unknown provider/ },
  { tool: 'edit_image', given: { prompt: 'x' }, refused: /needs images/ },
  { tool: 'edit_image', given: edit({ images: [3] }), refused: /images must name a picture/ },
  { tool: 'edit_image', given: edit({ images: [long] }), refused: /neither a path nor a picture in base64/ },
  { tool: 'edit_image', given: edit({ images: ['last:99'] }), refused: /pictures are here.*Give last to last:/s },
  { tool: 'edit_image', given: edit({ images: ['/etc/passwd'] }), refused: /outside the folders that may be read/ },
  { tool: 'get_image', given: { id: 'last' }, makes: { width: 96 } },
  { tool: 'list_models', given: { query: 'glm' }, says: /glm-image/ },
  { tool: 'list_models', given: { provider: 'CogView', configured: 'true' }, says: /cogview\/glm-image 0\.1 CNY/ },
  { tool: 'list_models', given: { max_price: 'cheap' }, refused: /maxPrice must be an amount/ },
  { tool: 'estimate_cost', given: paid({ num_images: '3' }), says: /3 pictures \(generate\): about 0\.18 CNY/ },
];

test('there are at least 60 ways', () => {
  expect(ways.length).toBeGreaterThanOrEqual(60);
});

describe('the MCP server', () => {
  test.each(
    ways.map((way) => [`${way.tool ?? 'generate_image'} ${JSON.stringify(way.given).slice(0, 100)}`, way] as const),
  )('%s', async (_, { tool = 'generate_image', given, sends, calls = sends ? 1 : 0, makes, says, refused }) => {
    const before = service.submissions;
    const answer = await call(tool, given);
    const text = textOf(answer);
    expect(answer.isError ?? false, text).toBe(refused !== undefined);
    expect(service.submissions - before).toBe(calls);
    if (sends) expect(service.requests.filter(({ point }) => point === 'generate').at(-1)!.body).toMatchObject(sends);
    if (makes) expect(answer.structuredContent!.images![0]).toMatchObject(makes);
    if (says) expect(text).toMatch(says);
    if (!refused) return;
    expect(text).toMatch(refused);
    expect(JSON.stringify(answer.content).length).toBeLessThan(1000);
    expect(JSON.stringify(answer.structuredContent).length).toBeLessThan(1000);
    expect(JSON.stringify(answer)).not.toContain('A'.repeat(81));
  });

  test('whatever lies in arguments, it is answered in few words', async () => {
    const before = service.submissions;
    const names = ['generate_image', 'edit_image', 'estimate_cost', 'list_models'];
    const words = [
      'prompt',
      'images',
      'size',
      'n',
      'model',
      'mask',
      'expand',
      'providerOptions',
      'text',
      'provider',
      'maxCost',
    ];
    const value = fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.constant(long));
    const given = fc.oneof(fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string()), value), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), given, async (name, junk) => {
        const isRecord = typeof junk === 'object' && junk !== null && !Array.isArray(junk);
        const sent = isRecord ? { n: -1, ...junk } : { n: -1, prompt: junk };
        const answer = await call(name, sent);
        if (!answer.isError) return;
        expect(textOf(answer)).not.toMatch(/\n\s+at /);
        expect(JSON.stringify(answer.content).length, JSON.stringify(sent).slice(0, 300)).toBeLessThan(1000);
        expect(JSON.stringify(answer)).not.toContain('A'.repeat(81));
      }),
      { numRuns: 150 },
    );
    expect(service.submissions).toBe(before);
  });
});

test('the command line reads the same', async () => {
  const person = await newPerson(service.env);
  const before = service.submissions;
  for (const { typed, sends = {}, calls = 1, refused } of ways) {
    if (!typed) continue;
    const { code, stdout, stderr } = await person.run(...typed, '--adapt', '--dry-run', '--json');
    expect(code, `${typed.join(' ')}\n${stderr}`).toBe(refused ? 2 : 0);
    if (refused) {
      expect(stderr.length, stderr).toBeLessThan(1000);
      continue;
    }
    const { calls: planned } = JSON.parse(stdout).plan;
    expect(planned, typed.join(' ')).toHaveLength(calls);
    const { width, height } = planned[0].size ?? {};
    if ('size' in sends && width) expect(`${width}x${height}`, typed.join(' ')).toBe(sends.size);
  }
  expect(service.submissions).toBe(before);
});

test('the list of tools is at most 12 kB, and the same with 200 models more', async () => {
  const listOf = async (server: Awaited<ReturnType<typeof newServer>>) => {
    const own = startRaw(server);
    const clientInfo = { name: 'test', version: '1.0.0' };
    await own.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    const { result } = await own.ask('tools/list');
    own.child.stdin.end();
    await own.ended;
    return JSON.stringify(result);
  };
  const bare = await listOf(await newServer());
  expect(Buffer.byteLength(bare)).toBeLessThan(12_000);
  const rich = await newServer(service.env);
  const models = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`own-${index}`, { like: 'cogview-4' }]));
  await writeFile(join(rich.env.ANYIMAGE_HOME!, 'config.json'), JSON.stringify({ providers: { cogview: { models } } }));
  expect(await listOf(rich)).toBe(bare);
});
