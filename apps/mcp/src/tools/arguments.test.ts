import { createClient, ImageError } from '@anyimage/core';
import { providers } from '@anyimage/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkArguments } from './arguments.ts';
import { editImage } from './edit-image.ts';
import { generateImage } from './generate-image.ts';
import { tools } from './index.ts';
import { pictureWords } from './request-schema.ts';

function refusal(given: unknown, tool = generateImage): ImageError {
  try {
    checkArguments(tool, given);
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

test('null is the same as left out', () => {
  expect(checkArguments(generateImage, { prompt: 'a boat', seed: null, model: null })).toEqual({ prompt: 'a boat' });
});

test.each([
  [{ prompt: 'x', negative_prompt: 'y' }, 'negative_prompt', 'Did you mean negativePrompt?'],
  [{ prompt: 'x', width: 3 }, 'width', 'It takes: prompt, model,'],
  [{}, 'prompt', 'What to draw'],
  [{ prompt: null }, 'prompt', 'What to draw'],
  [{ prompt: '' }, 'prompt', 'Correct prompt'],
  [{ prompt: 'x', n: '2' }, 'n', 'Correct n'],
  [{ prompt: 'x', n: 1.5 }, 'n', 'Correct n'],
  [{ prompt: 'x', n: 101 }, 'n', 'Correct n'],
  [{ prompt: 'x', size: '1024' }, 'size', 'Correct size'],
  [{ prompt: 'x', negotiation: 'loose' }, 'negotiation', 'Correct negotiation'],
  [{ prompt: 'x', waitSeconds: -1 }, 'waitSeconds', 'Correct waitSeconds'],
  [{ prompt: 'x', enhance: 1 }, 'enhance', 'Correct enhance'],
  [{ prompt: 'x', enhance: '' }, 'enhance', 'Correct enhance'],
  [{ prompt: 'x', translate: 'always' }, 'translate', 'Correct translate'],
  [{ prompt: 'x', route: { prefer: 'beauty' } }, 'route.prefer', 'Correct route.prefer'],
  [{ prompt: 'x', route: { maxCost: { amount: 1 } } }, 'route.maxCost', 'Correct route.maxCost'],
  [['x'], 'arguments', 'Correct arguments'],
  ['x', 'arguments', 'Correct arguments'],
])('%j is refused for %s', (given, option, hint) => {
  const error = refusal(given);
  expect(error).toMatchObject({ code: 'invalid-request', details: { option } });
  expect(error.hint).toContain(hint);
});

test.each([true, false, 'noir'])('enhance may be %j', (enhance) => {
  expect(checkArguments(generateImage, { prompt: 'x', enhance })).toEqual({ prompt: 'x', enhance });
});

test.each([
  [{ images: [] }, 'images'],
  [{ images: 'a.png' }, 'images'],
  [{ images: ['a.png', 3] }, 'images[1]'],
  [{ images: ['a.png'], expand: { up: 1 } }, 'expand'],
  [{ images: ['a.png'], expand: { top: -1 } }, 'expand.top'],
])('%j is refused for %s by edit_image', (given, option) => {
  expect(refusal(given, editImage)).toMatchObject({ code: 'invalid-request', details: { option } });
});

test('a data: URI in the wrong place is not echoed', () => {
  const error = refusal({ prompt: 'x', size: `data:image/png;base64,${'A'.repeat(10_000)}` });
  expect(JSON.stringify(error).length).toBeLessThan(1000);
});

test('whatever comes, it is taken or refused as an ImageError', () => {
  fc.assert(
    fc.property(fc.constantFrom(...tools), fc.anything(), (tool, given) => {
      try {
        checkArguments(tool, given);
      } catch (error) {
        expect(ImageError.isInstance(error)).toBe(true);
      }
    }),
  );
});

describe('the schemas agree with core', () => {
  const client = createClient({ providers, env: {} });
  const numbers = fc.oneof(fc.integer({ min: -2, max: 120 }), fc.double({ noNaN: true, min: -2, max: 120 }));
  const texts = fc.oneof(fc.constantFrom('', '1024x1024', '16:9', '1x1', '0x5', '2.39:1', '1:', '7'), fc.string());
  const judged = (['n', 'size', 'aspectRatio', 'outputCompression', 'seed', 'quality', 'negativePrompt'] as const).map(
    (word) => ({ word, values: ['integer', 'number'].includes(pictureWords[word].type) ? numbers : texts }),
  );

  test.each(judged)('on $word', async ({ word, values }) => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const refusedHere = fails(() => checkArguments(generateImage, { prompt: 'x', [word]: value }));
        const outcome = client.plan({ model: 'sketch', prompt: 'x', negotiation: 'adapt', [word]: value });
        const error = await outcome.then(
          () => undefined,
          (reason: unknown) => reason as ImageError,
        );
        const option = (error?.details as { option?: string } | undefined)?.option;
        expect(error?.code === 'invalid-request' && option === word).toBe(refusedHere);
      }),
      { numRuns: 300 },
    );
  });

  function fails(work: () => unknown): boolean {
    try {
      work();
      return false;
    } catch {
      return true;
    }
  }
});
