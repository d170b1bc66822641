import { createClient, type PromptSettings, styleBook } from '@anyimage/core';
import { embeddedProvider, providers, type Sidecar } from '@anyimage/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asRecorded, recordedPrompt } from './prompt-again.ts';

const embedded = providers.filter(({ definition }) => definition.id === embeddedProvider);
const changed: PromptSettings = { styles: styleBook({ ink: 'other words', new: 'new words' }) };

function sidecar(prompt: Sidecar['prompt'], request: Sidecar['request'], helped: readonly string[] = []): Sidecar {
  const applied = helped.map((sent) => ({ option: 'prompt', asked: prompt.original, sent, because: 'translated' }));
  return { anyimage: 1, model: 'sketch/storybook', prompt, request: request!, applied };
}

async function sentBy(prompts: PromptSettings, prompt: string, style: string): Promise<string> {
  const client = createClient({ providers: embedded, env: {}, prompts });
  const { calls } = await client.plan({ prompt, style });
  return String(calls[0]!.prompt);
}

test('the words of a style are those that were sent, whatever they and the prompt are', async () => {
  const some = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a boat', 'A boat.', 'boat, ', '一艘船。', '.', ','),
  );
  const prompt = some.map((text) => text.trim()).filter((text) => text !== '');
  await fc.assert(
    fc.asyncProperty(prompt, fc.oneof(some, fc.constantFrom(', x', ' x')), async (original, words) => {
      const sent = await sentBy({ styles: styleBook({ ink: words }) }, original, 'ink');
      const recorded = recordedPrompt(sidecar({ original, sent }, { style: 'ink' }), {});
      expect(await sentBy(asRecorded(changed, recorded), original, 'ink')).toBe(sent);
      expect(await sentBy(asRecorded({}, recorded), original, 'ink')).toBe(sent);
    }),
    { numRuns: 50 },
  );
});

test('they come behind what the text model wrote', () => {
  const prompt = { original: 'ein Boot', sent: 'a boat, at dawn, ink words' };
  const recorded = recordedPrompt(sidecar(prompt, { style: 'ink' }, ['a boat', 'a boat, at dawn']), {});
  expect(recorded.style).toEqual({ name: 'ink', words: 'ink words' });
});

test("a style of the model's own stays one, also if there are words of that name now", async () => {
  const prompt = { original: 'a boat', sent: 'a boat' };
  const { styles } = asRecorded(changed, recordedPrompt(sidecar(prompt, { style: 'ink' }), {}));
  expect(await styles!.find('ink')).toBeUndefined();
  expect(await styles!.find('new')).toEqual({ words: 'new words' });
});

test('a style that is named now is meant as it is now', async () => {
  const prompt = { original: 'a boat', sent: 'a boat, ink words' };
  const { styles } = asRecorded(changed, recordedPrompt(sidecar(prompt, { style: 'ink' }), { style: 'ink' }));
  expect(await styles!.find('ink')).toEqual({ words: 'other words' });
});

test('what the text model wrote is given again, in order, and it is asked for no more', async () => {
  const prompt = { original: 'ein Boot', sent: 'a rich boat' };
  const record = sidecar(prompt, { enhance: 'gone' }, ['a boat', 'a rich boat']);
  const { cache, styles } = asRecorded(changed, recordedPrompt(record, {}));
  expect(await cache!.get('one')).toBe('a boat');
  expect(await cache!.get('two')).toBe('a rich boat');
  await expect(cache!.get('three')).rejects.toThrow('as it was');
  // Its wish is not asked of anyone: that it is unknown now is no matter.
  expect(await styles!.find('gone')).toMatchObject({ words: 'gone' });
});

test.each([{ model: ['cogview'] }, { enhance: true as const }, { translate: 'auto' as const }])(
  'the text model is asked anew with %j',
  (flags) => {
    const record = sidecar({ original: 'ein Boot', sent: 'a boat' }, {}, ['a boat']);
    expect(asRecorded({}, recordedPrompt(record, flags)).cache).toBeUndefined();
  },
);

test('a record that does not tell the words apart is taken as far as it goes', async () => {
  const prompt = { original: 'ein Boot', sent: 'a boat, ink words' };
  const { styles, cache } = asRecorded(changed, recordedPrompt(sidecar(prompt, { style: 'ink' }), {}));
  expect(await styles!.find('ink')).toEqual({ words: 'other words' });
  expect(cache).toBeUndefined();
  // A ticket's picture: what was sent is known, not how it came about.
  const ticket = asRecorded({}, recordedPrompt(sidecar({ original: 'ein Boot', sent: 'a boat' }, {}), {}));
  expect(await ticket.cache!.get('one')).toBe('a boat');
});
