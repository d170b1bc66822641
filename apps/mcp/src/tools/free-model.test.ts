import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { servicesSource } from '../calls/services.ts';
import { unknownClient } from '../results/profiles.ts';
import { generateImage } from './generate-image.ts';
import { runTool } from './run-tool.ts';

async function draw(words: object, env: Readonly<Record<string, string>> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-free-'));
  const source = servicesSource({ ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env });
  onTestFinished(() => source.close());
  const { content, structuredContent } = await runTool(
    generateImage,
    { prompt: 'a boat', size: '64x64', ...words },
    {
      services: () => source.get(),
      signal: new AbortController().signal,
      client: unknownClient,
      ask: () => undefined,
      report: () => {},
      clientRoots: async () => [],
    },
  );
  const text = content.map((one) => (one.type === 'text' ? one.text : '')).join('\n');
  expect(structuredContent!.images).toHaveLength(1);
  return { text, next: structuredContent!.next as { say: string; tool?: string; arguments?: object } };
}

const key = { ZHIPU_API_KEY: 'test-key' };

test('where nobody chose a model, sketch says which free one draws anything, and how to call it', async () => {
  const { text, next } = await draw({ seed: '7' }, key);
  expect(next.say).toMatch(
    /Show the person the path.*No model was chosen, so sketch drew by rules; cogview\/cogview-3-flash is free, too/,
  );
  expect(next).toMatchObject({
    tool: 'generate_image',
    arguments: { prompt: 'a boat', size: '64x64', seed: 7, model: 'cogview/cogview-3-flash' },
  });
  expect(text).toContain(`Next: ${next.say} (generate_image {"prompt":"a boat",`);
});

test('what is long is not repeated', async () => {
  const { next } = await draw({ prompt: 'a boat, '.repeat(300) }, key);
  expect(next.say).toContain('the same arguments and model: "cogview/cogview-3-flash"');
  expect(next.arguments).toBeUndefined();
});

test.each([
  ['sketch was named', { model: 'sketch' }, key],
  ['the person chose it', {}, { ...key, ANYIMAGE_MODEL: 'sketch' }],
  ['a neural model needs a key', {}, {}],
  ['a neural model costs something', {}, { OPENAI_API_KEY: 'test-key' }],
])('where %s, nothing is said', async (_, words, env) => {
  const { text, next } = await draw(words, env);
  expect(text).not.toContain('by rules;');
  expect(next.tool).toBeUndefined();
});
