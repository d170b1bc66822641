import { createClient, ImageError, type ImageRequest } from '@anyimage/core';
import { providers } from '@anyimage/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestWords } from './flag-names.ts';
import { inFlags } from './in-flags.ts';

test.each([
  ['Use size: "1344x768", or ask with negotiation: "adapt".', 'Use --size 1344x768, or add --adapt.'],
  ['Use aspectRatio: "16:9" and resolution: "2K".', 'Use --aspect-ratio 16:9 and --resolution 2K.'],
  ['Use n: 4.', 'Use -n 4.'],
  ['Use style: "oil painting".', 'Use --style "oil painting".'],
  ['Use providerOptions.watermark: false.', 'Use --option watermark=false.'],
  ['Leave outputCompression out.', 'Leave --output-compression out.'],
  ['Leave providerOptions.time out.', 'Leave --option time out.'],
  ['Correct n and ask again; nothing was sent.', 'Correct -n and ask again; nothing was sent.'],
  ['Change providerOptions.time and ask again.', 'Change --option time and ask again.'],
  ['It is made: resume ticket t-7f3a9c to fetch it.', 'It is made: run anyimage jobs resume t-7f3a9c to fetch it.'],
  ['Give a timeout longer than 20 ms.', 'Give a --timeout longer than 20 ms.'],
  ['Choose another name, or allow that it is replaced.', 'Choose another name, or replace it with --force.'],
  [
    'Set PAINT_API_KEY (get one at https://paint.example), or use sketch.',
    'Store it with anyimage keys set PAINT_API_KEY, or set that variable (get one at https://paint.example), or use sketch.',
  ],
  ['Set HTTPS_PROXY to a URL.', 'Set HTTPS_PROXY to a URL.'],
  ['Give the pictures to work on in images.', 'Give the pictures to work on with --image.'],
  ['Give the picture that the mask belongs to in images.', 'Give the picture that the mask belongs to with --image.'],
  [
    'Give a mask that is white where the picture is to be repainted.',
    'Give a --mask that is white where the picture is to be repainted.',
  ],
  ['Choose another model, or leave out images.', 'Choose another model, or leave out --image.'],
  ['Choose another model, or leave out mask.', 'Choose another model, or leave out --mask.'],
  ['Use outputFormat: "png" or "webp".', 'Use --output-format png or webp.'],
  ['Leave isSketch out.', 'Leave --option isSketch out.'],
  [
    'Leave isSketch out. As it is, paint/paint-1 would take it.',
    'Leave --option isSketch out. As it is, paint/paint-1 would take it.',
  ],
  ['Leave providerOptions.svg out.', 'Leave --option svg out.'],
  ['Leave providerOptions out.', 'Leave --option out.'],
  [
    'Leave images and providerOptions.grounding out; nothing was sent.',
    'Leave --image and --option grounding out; nothing was sent.',
  ],
  ['Leave the | out.', 'Leave the | out.'],
  ['Leave it out.', 'Leave it out.'],
  ['Leave style out, and put the words into the prompt.', 'Leave --style out, and put the words into the prompt.'],
  ['Give expand, such as { right: … }.', 'Give --expand, such as right=0.5.'],
  ['Use expand: {"top":0,"right":1,"bottom":0,"left":0.5}.', 'Use --expand right=1,left=0.5.'],
  ['Use expand: {"top":1,"right":1,"bottom":1,"left":1}.', 'Use --expand 1.'],
  ['Use providerOptions.boxes: [[{"a":"]"}]].', `Use --option boxes='[[{"a":"]"}]]'.`],
  [
    'Give the picture as a URL, or send it with providerOptions.transfer: "data".',
    'Give the picture as a URL, or send it with --option transfer=data.',
  ],
  [
    'Shorten the prompt, give fewer pictures or lower providerOptions.thinkingLevel.',
    'Shorten the prompt, give fewer pictures or lower --option thinkingLevel.',
  ],
  ['Give size alone, or aspectRatio without size.', 'Give --size alone, or --aspect-ratio without --size.'],
  ['Shorten the negativePrompt by 3 characters.', 'Shorten the --negative-prompt by 3 characters.'],
  [
    'Ask for less, set the key of another service, or name a model with negotiation: adapt.',
    'Ask for less, set the key of another service, or name a model with --adapt.',
  ],
  ['Update anyimage, then resume the ticket.', 'Update anyimage, then run anyimage jobs resume.'],
  ['Say in the prompt what to draw.', 'Say in the prompt what to draw.'],
])('%s', (hint, shown) => {
  expect(inFlags(hint)).toBe(shown);
});

const picture = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const refusedRequests: readonly Partial<ImageRequest>[] = [
  { size: '7x7777' },
  { aspectRatio: '99:1' },
  { size: '64x64', aspectRatio: '1:1' },
  { resolution: '9K' },
  { quality: 'x' },
  { style: 'x' },
  { background: 'transparent', outputFormat: 'jpeg' },
  { outputFormat: 'x' },
  { outputFormat: 'png', outputCompression: 9 },
  { seed: 9e9 },
  { negativePrompt: 'x'.repeat(9999) },
  { strength: 0.5 },
  { user: 'x'.repeat(999) },
  { images: [picture] },
  { images: [picture], mask: picture },
  { mask: picture },
  { images: [picture], factor: 99 },
  { images: [picture], expand: { top: 99_999 } },
  { providerOptions: { unheardOf: { a: [1] } } },
  { providerOptions: { watermerk: 3, moderatiom: 'x', groundin: {} } },
  { providerOptions: { svg: true, gif: true } },
  { operation: 'inpaint' },
  { operation: 'outpaint', images: [picture] },
  { operation: 'doodle' },
];

describe('no hint about a request has the words of a request', async () => {
  const env = Object.fromEntries(
    providers.flatMap(({ definition }) => definition.keys.map(({ env: key }) => [key, 'test-key'])),
  );
  const loaded = await Promise.all(providers.map(async ({ load }) => (await load())()));
  const client = createClient({ providers: loaded, env });
  const plain = requestWords.filter((one) => one !== 'n' && one !== 'output').join('|');
  const hints = new Set<string>();

  test.each(unlikeModels())('of %s', async (model) => {
    for (const request of refusedRequests) {
      const refusal = await client.plan({ prompt: 'a boat', model, ...request }).catch((error) => error);
      if (ImageError.isInstance(refusal)) hints.add(refusal.hint ?? '');
    }
    for (const hint of hints) {
      const shown = inFlags(hint);
      expect(shown).not.toMatch(/providerOptions|negotiation|\bin images\b|\{ ?\w+:/);
      for (const word of requestWords) if (/[A-Z]/.test(word)) expect(shown).not.toContain(word);
      expect(shown).not.toMatch(new RegExp(`(?<![-\\w])(${plain}): |[Ll]eave (out )?(${plain})\\b`));
    }
  });

  test('and there are many', () => {
    expect(hints.size).toBeGreaterThan(50);
  });
});

/** One model of each kind: the others of its provider have the same operations and ways to ask for a size. */
function unlikeModels(): string[] {
  const kinds = new Map<string, string>();
  for (const { definition } of providers) {
    for (const [id, { operations, size }] of Object.entries(definition.models)) {
      const words = [Object.keys(operations), Object.keys(size || {})];
      const kind = JSON.stringify([definition.id, ...words]);
      if (!kinds.has(kind)) kinds.set(kind, `${definition.id}/${id}`);
    }
  }
  return [...kinds.values()];
}

test('any text can be a hint', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ...requestWords,
      'providerOptions.__proto__',
      ': ',
      '"',
      '\\',
      '{',
      '}',
      ' or "',
      'Leave ',
      ' out',
      '-0',
      'null',
    ),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      expect(inFlags(parts.join(''))).toBeTypeOf('string');
    }),
  );
});

test('a value is shown as it is, whatever it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      const [, typed] = /^Use --option x=(.*)\.$/s.exec(inFlags(`Use providerOptions.x: ${json}.`))!;
      const text = typed!.startsWith("'") ? typed!.slice(1, -1).replaceAll("'\\''", "'") : typed!;
      expect([JSON.stringify(text), text]).toContain(json);
    }),
  );
});
