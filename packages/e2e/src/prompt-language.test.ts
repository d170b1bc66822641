import { type Client, type ClientOptions, createClient, type ImageProvider, styleBook } from '@anyimage/core';
import { bailian } from '@anyimage/provider-bailian';
import { emulator as bailianEmulator } from '@anyimage/provider-bailian/emulator';
import { cogview } from '@anyimage/provider-cogview';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { google } from '@anyimage/provider-google';
import { emulator as googleEmulator } from '@anyimage/provider-google/emulator';
import { openai } from '@anyimage/provider-openai';
import { emulator as openaiEmulator } from '@anyimage/provider-openai/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';

let service: Emulator;
let client: Client;
const detect = (text: string) => (/\bein\b/i.test(text) ? 'de' : undefined);

beforeEach(async () => {
  service = await emulator.start();
  client = connect();
});
afterEach(async () => {
  await client.close();
  await service.close();
});

function connect(options: Partial<ClientOptions> = {}): Client {
  const clock = { now: () => Date.now(), sleep: async () => {} };
  return createClient({ providers: [cogview()], env: service.env, clock, prompts: { detect }, ...options });
}

const chats = () => service.requests.filter(({ point }) => point === 'chat').length;
const drawn = () =>
  service.requests.filter(({ point }) => point === 'generate').map(({ body }) => (body as { prompt: string }).prompt);
const german = 'Ein Papierboot bei Sonnenaufgang';

test('a prompt in a language that the model does not know is translated, once', async () => {
  const first = await client.generate({ model: 'cogview', prompt: german });
  expect(first.prompt).toEqual({ original: german, sent: 'A paper boat at sunrise' });
  expect(first.applied).toMatchObject([
    { option: 'prompt', asked: german, because: expect.stringContaining('German') },
  ]);
  expect(first.usage).toMatchObject({ textIn: expect.any(Number) });
  await client.generate({ model: 'cogview', prompt: german, n: 2 });
  expect(drawn()).toEqual(Array(3).fill('A paper boat at sunrise'));
  expect(chats()).toBe(1);
});

test('text in quotation marks stays', async () => {
  const { prompt } = await client.generate({ model: 'cogview', prompt: 'Ein Schild mit der Aufschrift "GEÖFFNET"' });
  expect(prompt.sent).toBe('A sign that says "GEÖFFNET"');
});

test('a translator that fails leaves the original and warns', async () => {
  service.fault({ on: 'chat', kind: 'failure', code: 'quota' });
  const { images, prompt, warnings } = await client.generate({ model: 'cogview', prompt: german });
  expect(images).toHaveLength(1);
  expect(prompt.sent).toBe(german);
  expect(warnings).toMatchObject([{ code: 'prompt', message: expect.stringContaining('sent as it is') }]);
});

test('nothing is asked of the text model for a prompt the model knows, or when translation is not wanted', async () => {
  await client.generate({ model: 'cogview', prompt: '一只在海边的猫' });
  await client.generate({ model: 'cogview', prompt: 'a paper boat' });
  await client.generate({ model: 'cogview', prompt: german, translate: 'never' });
  expect(chats()).toBe(0);
});

test.each<[string, ImageProvider, typeof emulator]>([
  ['cogview', cogview(), emulator],
  ['google', google(), googleEmulator],
  ['bailian', bailian(), bailianEmulator],
  ['openai', openai({ textModel: 'some-text' }), openaiEmulator],
])('the text model of %s changes any words, and those in quotation marks stay', async (id, provider, factory) => {
  const other = await factory.start();
  const asked = connect({ providers: [provider], env: other.env });
  const { prompt, warnings } = await asked.generate({ model: id, prompt: 'a sign that says "OPEN"', enhance: true });
  expect(prompt.sent).toBe('a sign that says "OPEN", in soft morning light');
  expect(warnings.filter(({ code }) => code === 'prompt')).toEqual([]);
  await asked.close();
  await other.close();
});

test('a free text model that fails is said to have billed nothing, least of all a picture', async () => {
  service.fault({ on: 'chat', kind: 'failure', code: 'server', times: 'always' });
  const { prompt, warnings } = await client.generate({ model: 'cogview', prompt: german });
  expect(prompt.sent).toBe(german);
  expect(warnings).toMatchObject([{ code: 'prompt', message: expect.not.stringContaining('billed') }]);
});

test('a prompt is enriched only when that is asked for, in a style the person named', async () => {
  const styled = connect({ prompts: { detect, styles: styleBook({ noir: 'black and white, hard shadows' }) } });
  await styled.generate({ model: 'cogview', prompt: 'a paper boat', enhance: 'noir' });
  const [chat] = service.requests;
  expect(JSON.stringify(chat!.body)).toContain('black and white, hard shadows');
  await styled.close();
});
