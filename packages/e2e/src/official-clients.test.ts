// The services' own clients take our emulators for the service: the emulators speak the real API, not what our providers expect.

import { emulator as googleEmulator } from '@anyimage/provider-google/emulator';
import { emulator as openaiEmulator } from '@anyimage/provider-openai/emulator';
import { drawTestCard, pngSize } from '@anyimage/testkit';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { expect, test } from 'vitest';

const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 384 });
const sizeOf = (base64: string | undefined) => pngSize(Buffer.from(base64 ?? '', 'base64'));

test('the openai package generates, edits and streams', async () => {
  const service = await openaiEmulator.start();
  const client = new OpenAI({ apiKey: service.key, baseURL: service.baseURL, maxRetries: 0 });
  const model = 'gpt-image-2.5-flare';

  const made = await client.images.generate({ model, prompt: 'a paper boat', size: '1536x1024' });
  expect(sizeOf(made.data?.[0]?.b64_json)).toEqual({ width: 1536, height: 1024 });
  expect(made.usage?.output_tokens).toBeGreaterThan(0);

  const image = await toFile(boat, 'boat.png', { type: 'image/png' });
  const edited = await client.images.edit({ model, image, prompt: 'make it blue', size: '1024x1024' });
  expect(sizeOf(edited.data?.[0]?.b64_json)).toEqual({ width: 1024, height: 1024 });

  const stream = await client.images.generate({ model, prompt: 'a paper boat', stream: true, partial_images: 2 });
  const events: string[] = [];
  for await (const event of stream) events.push(event.type);
  expect(events).toEqual([
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.completed',
  ]);

  const wrong = new OpenAI({ apiKey: 'another-test-key', baseURL: service.baseURL, maxRetries: 0 });
  await expect(wrong.images.generate({ model, prompt: 'x' })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  await service.close();
});

test('the @google/genai package generates and edits', async () => {
  const service = await googleEmulator.start();
  const client = new GoogleGenAI({ apiKey: service.key, httpOptions: { baseUrl: service.baseURL } });
  const model = 'gemini-nano-banana-2.1';
  const pictureOf = (answer: Awaited<ReturnType<typeof client.models.generateContent>>) =>
    answer.candidates?.[0]?.content?.parts?.findLast((part) => part.inlineData)?.inlineData;

  const made = await client.models.generateContent({
    model,
    contents: 'a paper boat',
    config: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '16:9', imageSize: '1K' } },
  });
  expect(pictureOf(made)?.mimeType).toBe('image/png');
  expect(sizeOf(pictureOf(made)?.data)).toEqual({ width: 1376, height: 768 });

  const edited = await client.models.generateContent({
    model,
    contents: [
      { inlineData: { mimeType: 'image/png', data: Buffer.from(boat).toString('base64') } },
      { text: 'make it blue' },
    ],
    config: { responseModalities: ['IMAGE'] },
  });
  expect(sizeOf(pictureOf(edited)?.data)).toBeDefined();

  const wrong = new GoogleGenAI({ apiKey: 'another-test-key', httpOptions: { baseUrl: service.baseURL } });
  await expect(wrong.models.generateContent({ model, contents: 'x' })).rejects.toMatchObject({ status: 400 });
  await service.close();
});

test.each(['v1', 'v1beta', undefined])('the @google/genai package lists the models, version %s', async (apiVersion) => {
  const service = await googleEmulator.start();
  const client = new GoogleGenAI({
    apiKey: service.key,
    httpOptions: { baseUrl: service.baseURL, ...(apiVersion && { apiVersion }) },
  });
  const names: (string | undefined)[] = [];
  for await (const { name } of await client.models.list({ config: { pageSize: 4 } })) names.push(name);
  expect(names).toContain('models/gemini-nano-banana-2.1');
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(4);

  const model = 'gemini-3-pro-image';
  expect(await client.models.get({ model })).toMatchObject({ name: `models/${model}`, displayName: 'Nano Banana Pro' });
  await expect(client.models.get({ model: 'gemini-2.5-flash-image' })).rejects.toMatchObject({ status: 404 });
  await service.close();
});
