// A table promises in both directions: what it declares is accepted, what it does not is refused before a byte is sent.

import assert from 'node:assert/strict';
import type { ClientRequest, Limits, OptionSpec, Outcome, RequestOptions, Size, SizeRule } from '@anyimage/core';
import { drawPlain } from '../picture/plain.ts';
import { drawTestCard } from '../picture/test-card.ts';
import { always, type Case, type Subject } from './rig/case.ts';
import { type LocalRig, withLocalRig } from './rig/rig.ts';
import { choices, knownOptions, sample, several, tells } from './rig/sent.ts';
import { type Target, targetsOf } from './rig/targets.ts';
import { fits } from './table.ts';

export const valueCases: readonly Case[] = [
  accepts(
    'accepts-operations',
    'every model makes a picture in each of its operations, also with the least and the greatest strength',
    ({ strength }) => [{}, ...(strength ? [{ strength: 0 }, { strength: 1 }] : [])],
  ),
  accepts('accepts-sizes', 'every declared size is accepted, and made exactly', ({ size }, { emulator }) =>
    size ? [...sample(sizesOf(size)).map((each) => ({ size: each })), ...shapesOf(size, emulator)] : [],
  ),
  accepts(
    'accepts-choices',
    'every declared quality, style, background and format is accepted',
    (limits, { emulator }) =>
      choices.flatMap((word) => {
        const values = limits[word] ? sample(limits[word].values) : [];
        const compared = emulator && tells(emulator, word) ? several(values) : [];
        return values.filter((value) => !compared.includes(value)).map((value) => ({ [word]: value }));
      }),
  ),
  accepts(
    'accepts-options',
    'every declared option is accepted with each of its values',
    ({ options = {} }, { emulator }) =>
      Object.entries(options).flatMap(([name, option]) => {
        const values = sample(legalValues(option));
        const isCompared = emulator && knownOptions(emulator).has(name);
        return isCompared ? [] : values.map((value) => ({ providerOptions: { [name]: value } }));
      }),
  ),
  accepts(
    'accepts-pictures',
    'input pictures of every declared type, number and shape are accepted',
    ({ images, mask }) =>
      // A mask must lie on its picture, which is one of its own then.
      images && !mask ? picturesOf(images).map((each) => ({ images: each })) : [],
  ),
  {
    id: 'refuses-undeclared',
    title: 'what the table does not declare is refused before anything is sent',
    applies: always,
    async run(subject) {
      await eachTarget(subject, async (target, rig) => {
        for (const words of illegalWords(target)) {
          const outcome = await rig.run(words);
          const shown = `${target.model} ${target.operation} ${show(words)}`;
          const code = outcome.error?.code ?? 'no error';
          assert.ok(['unsupported', 'invalid-request'].includes(code), `${shown} was not refused: ${code}`);
          assert.equal(outcome.sent, false, `${shown} was refused only after something was sent`);
          assert.equal(rig.emulator?.requests.length ?? 0, 0, `${shown} was refused after a request`);
        }
      });
    },
  },
];

/** The values that the cases of what arrives send need not be sent here again. */
function accepts(
  id: string,
  title: string,
  wordsOf: (limits: Limits, subject: Subject) => readonly ClientRequest[],
): Case {
  return {
    id,
    title,
    applies: (subject) =>
      targetsOf(subject).some(({ limits }) => wordsOf(limits, subject).length > 0)
        ? true
        : 'the table declares none that the cases of what arrives do not send',
    async run(subject) {
      await eachTarget(subject, async (target, rig) => {
        for (const words of wordsOf(target.limits, subject)) {
          const outcome = await rig.run(words);
          checkMade(`${target.model} ${target.operation} ${show(words)}`, outcome, words);
        }
      });
    },
  };
}

function checkMade(shown: string, outcome: Outcome, { size }: RequestOptions): void {
  const { error, images, warnings } = outcome;
  assert.ok(!error, `${shown} failed: ${error?.code} ${error?.message}`);
  assert.equal(images.length, 1, `${shown} gave ${images.length} pictures`);
  if (size) assert.equal(`${images[0]!.width}x${images[0]!.height}`, size, `${shown} gave another size`);
  assert.ok(!warnings.some(({ code }) => code === 'size-differs'), `${shown} gave another size than was sent`);
}

async function eachTarget(subject: Subject, use: (target: Target, rig: LocalRig) => Promise<void>): Promise<void> {
  for (const target of targetsOf(subject)) {
    await withLocalRig(subject, target, {}, (rig) => use(target, rig));
  }
}

type ImageLimits = Exclude<Limits['images'], false | undefined>;

/** One picture of each type, as many as are taken, and the smallest, lying, standing and square. AVIF is not drawn here. */
function picturesOf({
  types,
  as,
  count: [, most],
  side,
  pixels = [1, Infinity],
  aspect = 3,
}: ImageLimits): Uint8Array[][] {
  if (!as.includes('bytes')) return [];
  const [shortest, longest] = side ?? [64, 4096];
  const short = Math.max(shortest, Math.ceil(Math.sqrt(pixels[0])));
  const long = Math.min(longest, Math.floor(short * aspect), Math.floor(pixels[1] / short));
  const draw = (type: string, width: number, height: number) => {
    const picture = { prompt: 'input', width, height };
    return type === 'image/png' ? drawTestCard(picture) : drawPlain(type.slice('image/'.length), picture);
  };
  const drawn = types.flatMap((type) => draw(type, short, short) ?? []);
  const [usual = 'image/png'] = types;
  const shapes = [draw(usual, long, short), draw(usual, short, long)].flatMap((one) => one ?? []);
  return [...drawn, ...shapes].map((one) => [one]).concat(drawn[0] ? [Array<Uint8Array>(most).fill(drawn[0])] : []);
}

/** The presets, and for each sure rule its smallest and largest square and its widest picture. */
export function sizesOf(rule: SizeRule): readonly Size[] {
  const { presets = [], rules = [] } = rule;
  const corners = rules
    .filter(({ unsure }) => !unsure)
    .flatMap(({ side: [min, max] = [64, 2048], pixels: [fewest, largest] = [1, 2048 ** 2], multiple = 1 }) => {
      const up = (length: number) => Math.ceil(length / multiple) * multiple;
      const down = (length: number) => Math.floor(length / multiple) * multiple;
      const small = up(Math.max(min, Math.sqrt(fewest)));
      const large = down(Math.min(max, Math.sqrt(largest)));
      const wide = down(Math.min(max, largest / small));
      return [`${small}x${small}`, `${large}x${large}`, `${wide}x${small}`] as Size[];
    })
    .filter((size) => fits(rule, size));
  return [...new Set([...presets, ...corners])];
}

/** Those that the cases of what arrives do not send: the ratios whose sides are equal, and all where nobody compares. */
function shapesOf({ ratios = [], tiers = [] }: SizeRule, emulator: Subject['emulator']): RequestOptions[] {
  const isCompared = (word: 'aspectRatio' | 'resolution') => emulator && tells(emulator, word);
  const unseen = isCompared('aspectRatio') ? ratios.filter((ratio) => !isUnequal(ratio)) : ratios;
  return [
    ...sample(unseen).map((aspectRatio) => ({ aspectRatio })),
    ...sample(isCompared('resolution') ? [] : tiers).map((resolution) => ({ resolution })),
  ];
}

/** A ratio that is another one when it is turned. */
export function isUnequal(ratio: string): boolean {
  const [width, height] = ratio.split(':');
  return width !== height;
}

/** Values of an option that its spec allows: all of a list, both ends of a range, and where it may have one, a fraction. */
export function legalValues(option: OptionSpec): (string | number | boolean)[] {
  if (option.type === 'boolean') return [true, false];
  if (option.type === 'string') return option.values ? [...option.values] : ['a', 'b'];
  if (option.type !== 'number' && option.type !== 'integer') return [];
  const { min = 0, max = min + 10 } = option;
  if (option.type === 'integer') return [Math.ceil(min), Math.floor(max)];
  // One that is not whole lies between them.
  return [min, Number((min + (max - min) * 0.35).toFixed(2)), max];
}

function illegalWords({ limits, operation }: Target): ClientRequest[] {
  const { size, user, prompt, seed, options = {} } = limits;
  const picture = new Uint8Array([0x89, 0x50]);
  const absent = (has: unknown, words: ClientRequest): ClientRequest[] => (has ? [] : [words]);
  return [
    ...absent(size && fits(size, '17x19'), { size: '17x19' }),
    ...choices.map((word) => ({ [word]: 'no-such-value' })),
    seed ? { seed: seed.max + 1 } : { seed: 1 },
    { providerOptions: { 'no-such-option': true } },
    ...absent(limits.negativePrompt, { negativePrompt: 'fog' }),
    ...absent(limits.outputCompression, { outputCompression: 50 }),
    ...absent(limits.strength, { strength: 0.5 }),
    ...absent(limits.partials, { partials: 1 }),
    ...absent(limits.factor || operation === 'upscale', { factor: 2 }),
    ...absent(limits.images, { images: [picture] }),
    user ? { user: 'u'.repeat(user[1] + 1) } : { user: 'someone' },
    ...(user && user[0] > 1 ? [{ user: 'u' }] : []),
    ...(prompt?.max && prompt.unit !== 'tokens' ? [{ prompt: 'a'.repeat(prompt.max + 1) }] : []),
    ...Object.entries(options).flatMap(([name, option]) =>
      illegalValues(option).map((value) => ({ providerOptions: { [name]: value } })),
    ),
  ];
}

function illegalValues(option: OptionSpec): (string | number)[] {
  if (option.type === 'boolean') return ['yes'];
  if (option.type === 'string') return option.values ? ['no-such-value'] : [7];
  if (option.type !== 'number' && option.type !== 'integer') return [];
  return [
    'many',
    ...(option.max === undefined ? [] : [option.max + 1]),
    ...(option.min === undefined ? [] : [option.min - 1]),
  ];
}

function show({ images, ...words }: ClientRequest): string {
  return JSON.stringify({ ...words, ...(images && { images: images.length }) });
}
