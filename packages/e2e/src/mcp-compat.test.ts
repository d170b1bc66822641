// The MCP server in the place of universal-image-generator: its tools, arguments and answers over stdio, against imitated services.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as google } from '@anyimage/provider-google/emulator';
import { drawTestCard, type Emulator, encodePng, pngSize } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import { newServer, startRaw } from './run-mcp.ts';

const services = { google, zhipuai: cogview, bailian };
type Name = keyof typeof services;

const picture = drawTestCard({ prompt: 'input', width: 512, height: 640 });
const pictureURI = `data:image/png;base64,${Buffer.from(picture).toString('base64')}`;
const mask = encodePng({
  width: 512,
  height: 640,
  palette: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  row: () => Uint8Array.from({ length: 512 }, (_, x) => (x < 256 ? 0 : 1)),
});
const maskURI = `data:image/png;base64,${Buffer.from(mask).toString('base64')}`;

async function compatServer(env: Readonly<Record<string, string>>) {
  const settings = await newServer(env);
  const output = join(settings.env.HOME!, 'pictures of mine');
  const own = { OUTPUT_IMAGE_PATH: output, ...settings.env };
  return { ...settings, args: [...settings.args, '--compat', 'universal-image-generator'], env: own, output };
}

async function connect(env: Readonly<Record<string, string>>) {
  return connectTo(await compatServer(env));
}

async function connectTo({ output, ...settings }: Awaited<ReturnType<typeof compatServer>>) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(settings));
  onTestFinished(() => client.close());
  const call = async (name: string, words: Record<string, unknown>) => {
    const answer = await client.callTool({ name, arguments: words });
    const [content, ...more] = answer.content as { type: string; text: string }[];
    expect(more).toEqual([]);
    expect(answer).not.toHaveProperty('structuredContent');
    return { text: content!.text, isError: answer.isError ?? false };
  };
  return { client, call, output };
}

async function begin(name: Name, env: Readonly<Record<string, string>> = {}, options = {}) {
  const service: Emulator = await services[name].start(options);
  onTestFinished(() => service.close());
  return { service, ...(await connect({ ...service.env, IMAGE_PROVIDER: name, ...env })) };
}

/** The file that an answer names. */
async function savedBy(text: string) {
  const path = /^Image (?:transformed and )?saved to: (.+\.png)$/m.exec(text)?.[1];
  expect(path, text).toBeDefined();
  return { path: path!, size: pngSize(await readFile(path!)) };
}

const transforms = ['transform_image_from_encoded', 'transform_image_from_url', 'transform_image_from_file'];

test.each([
  ['Google', true],
  ['gemini', true],
  ['ZhipuAI', false],
  ['cogview-4', false],
  ['DashScope', true],
  ['alibaba', true],
  ['', false],
])('for the provider %j there are the tools that it can do: transforms %s', async (name, canTransform) => {
  const { client } = await connect({ IMAGE_PROVIDER: name });
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(['generate_image_from_text', ...(canTransform ? transforms : [])]);
  const words = tools.map(({ inputSchema: { properties, required } }) => [Object.keys(properties ?? {}), required]);
  const expected = [
    [['prompt', 'model_type'], ['prompt']],
    [
      ['encoded_image', 'prompt'],
      ['encoded_image', 'prompt'],
    ],
    [
      ['image_url', 'prompt', 'function', 'mask_image_url'],
      ['image_url', 'prompt'],
    ],
    [
      ['image_file_path', 'prompt'],
      ['image_file_path', 'prompt'],
    ],
  ];
  expect(words).toEqual(expected.slice(0, tools.length));
  for (const tool of tools) expect(tool).not.toHaveProperty('outputSchema');
});

test.each([
  ['', /^Error generating image: IMAGE_PROVIDER is not set.*google, zhipuai or bailian/s],
  ['midjourney', /^Error generating image: IMAGE_PROVIDER is midjourney, which is none.*google, zhipuai or bailian/s],
])('with the provider %j a call says which there are', async (name, told) => {
  const { call } = await connect({ IMAGE_PROVIDER: name });
  expect(await call('generate_image_from_text', { prompt: 'a boat' })).toEqual({
    isError: true,
    text: expect.stringMatching(told),
  });
});

test.each<[Name, RegExp | undefined, RegExp | undefined]>([
  [
    'google',
    undefined,
    /Note: google\/gemini-2\.0-.* has ended; its successor google\/gemini-nano-banana-2\.1 is used\./,
  ],
  ['zhipuai', /^Remote URL: http/m, undefined],
  ['bailian', /^Remote URL: http/m, undefined],
])('a picture of %s is a png in the folder of OUTPUT_IMAGE_PATH', async (name, remote, note) => {
  const { service, call, output } = await begin(name);
  const { text, isError } = await call('generate_image_from_text', {
    prompt: 'a paper boat at dawn',
    model_type: null,
  });
  expect(isError).toBe(false);
  expect(text).toMatch(/^Image saved to: /);
  const { path, size } = await savedBy(text);
  expect(path.startsWith(output)).toBe(true);
  expect(basename(path)).toContain('paper-boat');
  expect(size).toMatchObject({ width: 1024, height: 1024 });
  if (remote) expect(text).toMatch(remote);
  else expect(text).not.toContain('Remote URL');
  if (note) expect(text).toMatch(note);
  else expect(text).not.toContain('Note');
  expect(text).not.toContain(service.key);
  expect(service.submissions).toBeGreaterThan(0);
});

test('Imagen has ended: GOOGLE_MODEL and model_type lead to its successor, and the answer says so', async () => {
  const { call } = await begin('google', { GOOGLE_MODEL: 'imagen' });
  const note =
    'Note: google/imagen-4.0-generate-preview-06-06 has ended; its successor google/gemini-nano-banana-2.1 is used.';
  expect((await call('generate_image_from_text', { prompt: 'a boat' })).text).toContain(note);
  const { text } = await call('generate_image_from_text', { prompt: 'a cat', model_type: 'gemini' });
  expect(text).not.toContain('imagen');
});

test.each(['google', 'bailian'] as const)(
  '%s changes pictures as base64, by URL and in a file, and the original stays',
  async (name) => {
    const { call, output } = await begin(name);
    await mkdir(output);
    await writeFile(join(output, 'own.png'), picture);
    const asked: readonly [tool: string, words: object][] = [
      ['transform_image_from_encoded', { encoded_image: pictureURI }],
      ['transform_image_from_file', { image_file_path: join(output, 'own.png') }],
      ['transform_image_from_file', { image_file_path: 'own.png' }],
      ['transform_image_from_url', { image_url: pictureURI }],
    ];
    const answers = asked.slice(0, name === 'google' ? 4 : 2).map(async ([tool, words], index) => {
      const { text, isError } = await call(tool, { ...words, prompt: `at night, ${index}` });
      expect(isError, text).toBe(false);
      expect(text).toMatch(/^Image transformed and saved to: /);
      return (await savedBy(text)).path;
    });
    const paths = await Promise.all(answers);
    expect(new Set(paths).size).toBe(paths.length);
    expect(await readFile(join(output, 'own.png'))).toEqual(Buffer.from(picture));
  },
);

test('a function of Bailian goes out under its name, with its mask', async () => {
  const { service, call } = await begin('bailian');
  const asked: readonly [name: string, words: object, note?: string][] = [
    ['description_edit_with_mask', { mask_image_url: maskURI }],
    ['expand', { mask_image_url: maskURI }, 'mask_image_url counts for description_edit_with_mask only'],
  ];
  const answers = asked.map(async ([name, words, note]) => {
    const given = { image_url: pictureURI, prompt: '一幅画', function: name, ...words };
    const { text, isError } = await call('transform_image_from_url', given);
    expect(isError, text).toBe(false);
    await savedBy(text);
    if (note) expect(text).toContain(`Note: ${note}.`);
  });
  await Promise.all(answers);
  const sent = service.requests.map(({ body }) => JSON.stringify(body)).join('\n');
  expect(asked.filter(([name]) => !sent.includes(`"function":"${name}"`))).toEqual([]);
});

test('failures are texts that begin as they did, with what to do', async () => {
  const { call } = await begin('bailian', { DASHSCOPE_API_KEY: 'wrong-key' });
  const [edit, url] = ['Error transforming image: ', 'Error transforming image from URL: '];
  for (const [tool, words, beginning, told] of [
    ['generate_image_from_text', { prompt: 'a boat' }, 'Error generating image: ', 'DASHSCOPE_API_KEY'],
    ['generate_image_from_text', {}, 'Error generating image: ', 'prompt'],
    ['transform_image_from_encoded', { encoded_image: 'cat.png', prompt: 'x' }, edit, 'data:image/FORMAT;base64,DATA'],
    ['transform_image_from_file', { image_file_path: '/etc/hostname', prompt: 'x' }, edit, 'image_file_path'],
    ['transform_image_from_url', { image_url: 'cat.png', prompt: 'x' }, url, 'is no URL'],
    [
      'transform_image_from_url',
      { image_url: pictureURI, prompt: 'x', function: 'description_edit_with_mask' },
      url,
      'mask_image_url is needed',
    ],
  ] as const) {
    const { text, isError } = await call(tool, words);
    expect(isError, text).toBe(true);
    expect(text.startsWith(beginning), text).toBe(true);
    expect(text).toContain(told);
    expect(text).not.toContain('wrong-key');
  }
});

test('a picture that takes longer than the client waits is fetched by the same call, of a new server too, submitted once', async () => {
  const service = await bailian.start({ checks: 1000 });
  onTestFinished(() => service.close());
  const settings = await compatServer({ ...service.env, IMAGE_PROVIDER: 'bailian', ANYIMAGE_WAIT_SECONDS: '1' });
  const ask = async ({ call }: Awaited<ReturnType<typeof connectTo>>) =>
    call('generate_image_from_text', { prompt: '一艘纸船' });
  const first = await connectTo(settings);
  for (const _ of ['at first', 'again']) {
    const { text, isError } = await ask(first);
    expect(isError, text).toBe(false);
    expect(text).toContain('call generate_image_from_text again with the same arguments');
  }
  await first.client.close();
  for (const job of service.jobs.values()) (job as { checksLeft: number }).checksLeft = 0;
  const next = await connectTo(settings);
  let text = '';
  while (!text.startsWith('Image saved to: ')) text = (await ask(next)).text;
  await savedBy(text);
  expect(service.jobs.size).toBe(1);
});

test('other words end the server: stderr says what there is, and stdout nothing', async () => {
  const settings = await newServer();
  for (const [word, code, said] of [
    ['--compat', 2, '--compat universal-image-generator'],
    ['--verbose', 2, 'error: --verbose is no flag'],
    ['--help', 0, 'Usage: anyimage-mcp'],
    ['--version', 0, '0.'],
  ] as const) {
    const { child, ended, lines } = startRaw({ ...settings, args: [...settings.args, word] });
    let told = '';
    child.stderr.on('data', (text) => {
      told += String(text);
    });
    expect(await ended).toMatchObject({ code });
    expect(told).toContain(said);
    expect(lines).toEqual([]);
  }
  expect(await readdir(settings.env.HOME!)).toEqual([]);
});
