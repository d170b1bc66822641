import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@anyimage/core';
import { drawTestCard } from '@anyimage/testkit';
import { afterAll, expect, test } from 'vitest';
import { providers } from '../services/providers.generated.ts';
import { readRequest } from '../words/read-request.ts';
import { type NamedRequest, requestHashes } from './request-hash.ts';

const env = { ZHIPU_API_KEY: 'test-key', OPENAI_API_KEY: 'test-key' };
const client = createClient({ providers, env });
afterAll(() => client.close());

const hashesOf = (words: object) =>
  requestHashes({ negotiation: 'adapt', ...readRequest({ ...words }) } as NamedRequest, {
    providers,
    plan: (request) => client.plan(request),
  });

async function isSame(one: object, other: object): Promise<boolean> {
  const known = await hashesOf(one);
  return (await hashesOf(other)).some((hash) => known.includes(hash));
}

const cat = { prompt: 'a cat', model: 'cogview', size: '1024x1024' };

test.each([
  ['the full name of the model', { ...cat, model: 'cogview/cogview-4-250304' }],
  ['capitals', { ...cat, model: 'CogView' }],
  ['spaces', { ...cat, prompt: ' a cat\n' }],
  ['a ceiling', { ...cat, maxCost: '1 CNY' }],
  ['how auto would choose', { ...cat, prefer: 'speed' }],
  ['what is the default anyway', { ...cat, n: '1', translate: 'auto', negotiation: 'strict' }],
  ['what the model does not take', { ...cat, outputFormat: 'png', user: 'x' }],
  ['a shape that comes to the size', { prompt: 'a cat', model: 'cogview', aspectRatio: '1:1', resolution: '1K' }],
])('%s makes no other request', async (_, words) => {
  expect(await isSame(cat, words)).toBe(true);
  expect(await isSame(words, cat)).toBe(true);
});

const square = { aspectRatio: '1:1', resolution: '1K' };
const picture = join(await mkdtemp(join(tmpdir(), 'anyimage-hash-')), 'a.png');
await writeFile(picture, drawTestCard({ prompt: 'a cat', width: 1024, height: 1024 }));
const base64 = (await readFile(picture)).toString('base64');
const edit = { prompt: 'red', model: 'openai', images: picture, size: '1024x1024', quality: 'high' };
const far = { ...edit, images: 'https://example.com/a.png', size: undefined, aspectRatio: '32:18' };

test.each<[string, object, object]>([
  ['of auto, a shape that comes to the size', { ...cat, model: 'auto' }, { prompt: 'a cat', model: 'auto', ...square }],
  [
    'of a list, a shape that comes to the size',
    { ...cat, model: ['cogview', 'bailian'] },
    { prompt: 'a cat', model: ['cogview', 'bailian'], ...square },
  ],
  ['of a picture, a shape that comes to the size', edit, { ...edit, size: undefined, aspectRatio: '1:1' }],
  ['of a picture, capitals', edit, { ...edit, quality: 'HIGH' }],
  ['a picture as base64', edit, { ...edit, images: [base64] }],
  ['a picture as a data: URI', edit, { ...edit, images: [`data:image/png;base64,${base64}`] }],
  ['of a picture that is elsewhere, capitals', far, { ...far, quality: 'High', style: undefined }],
  ['of a picture that is elsewhere, a ratio in other terms', far, { ...far, aspectRatio: '16:9' }],
])('%s makes no other request', async (_, one, other) => {
  expect(await isSame(one, other)).toBe(true);
});

test('what asks for another picture is another request', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-hash-'));
  for (const [name, bytes] of ['one', 'one', 'two'].entries()) await writeFile(join(folder, `${name}.png`), bytes);
  const picture = (index: number) => join(folder, `${index}.png`);
  const all = [
    cat,
    { ...cat, prompt: 'a Cat' },
    { ...cat, n: 2 },
    { ...cat, seed: 1 },
    { ...cat, seed: 2 },
    { ...cat, size: '768x1344' },
    { ...cat, style: 'comic' },
    { ...cat, quality: 'hd' },
    { ...cat, enhance: true },
    { ...cat, model: 'cogview/glm-image' },
    { ...cat, model: 'bailian' },
    { ...cat, model: ['cogview', 'bailian'] },
    { ...cat, model: 'auto' },
    { ...cat, model: 'auto', prefer: 'speed' },
    { ...cat, images: [picture(0)] },
    { ...cat, images: [picture(2)] },
    { ...cat, images: [picture(0)], mask: picture(2) },
    { ...cat, images: [join(folder, 'none.png')] },
    { ...cat, images: ['https://example.com/a.png'] },
    edit,
    { ...edit, size: '1536x1024' },
    { ...edit, mask: 'rect 0,0,50%,50%' },
    { ...edit, prompt: 'blue' },
    far,
    { ...far, aspectRatio: '9:16' },
    { ...far, model: 'auto' },
  ];
  for (const [index, words] of all.entries()) {
    for (const other of all.slice(index + 1)) expect([words, other, await isSame(words, other)]).toContain(false);
  }
  expect(await isSame({ ...cat, images: [picture(0)] }, { ...cat, images: [picture(1)] })).toBe(true);
});

test('the same words are the same request, whatever is decided of them', async () => {
  const settled = await hashesOf(cat);
  const refused = await requestHashes(readRequest(cat) as NamedRequest, {
    providers,
    plan: () => Promise.reject(new Error('refused')),
  });
  expect(settled).toContain(refused[0]);
  expect(refused).toHaveLength(1);
});
