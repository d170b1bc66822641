// What is asked arrives at the service as what it is: the emulator says what it understood of each request, and pictures are found in
// requests wherever they stand.

import assert from 'node:assert/strict';
import type { ClientRequest, Limits, ProviderCall } from '@anyimage/core';
import { valueAt } from '../emulator/understood.ts';
import { lookAt } from '../picture/look-at.ts';
import { drawPlain } from '../picture/plain.ts';
import { readPng } from '../picture/png.ts';
import { drawTestCard } from '../picture/test-card.ts';
import { type Case, type Subject, withEmulator } from './rig/case.ts';
import { type Rig, withRig } from './rig/rig.ts';
import {
  type Accepted,
  acceptedOf,
  bytesOf,
  choices,
  inLines,
  isSame,
  knownOptions,
  labelsIn,
  leavesOf,
  picturesAt,
  picturesIn,
  placeOf,
  sample,
  several,
  shown,
  tells,
  type Word,
} from './rig/sent.ts';
import { type Target, targetsOf } from './rig/targets.ts';
import { isUnequal, legalValues, sizesOf } from './values.ts';

/** A word whose values are compared, and requests that differ in it. */
interface Asking {
  readonly word: Exclude<Word, 'images' | 'mask' | 'options' | 'prompt' | 'intent' | 'model' | 'operation'>;
  /** What would not be noticed without it. */
  readonly unseen: string;
  /** None where a model has no choice. */
  readonly ask: (limits: Limits) => readonly ClientRequest[];
}

const givenPrompt = 'A red paper boat, 2 sails;\n"HOPÉ" on the bow – ⛵';
/** Of services that take more characters, so many show that nothing is cut. */
const longest = 20_000;
/** Characters that every service takes. */
const usual = 600;

const askings: readonly Asking[] = [
  { word: 'n', unseen: 'ignored', ask: ({ perCall = 1 }) => (perCall > 1 ? [{ n: 2 }] : []) },
  {
    word: 'size',
    unseen: 'dropped, or turned',
    ask: ({ size }) => (size ? unequal(sizesOf(size)).map(sizeAsked) : []),
  },
  {
    word: 'aspectRatio',
    unseen: 'dropped, or turned',
    ask: ({ size }) =>
      sample((size ? (size.ratios ?? []) : []).filter(isUnequal)).map((aspectRatio) => ({ aspectRatio })),
  },
  {
    word: 'resolution',
    unseen: 'dropped, or taken for another',
    ask: ({ size }) => sample(size ? (size.tiers ?? []) : []).map((resolution) => ({ resolution })),
  },
  ...choices.map((word): Asking => {
    const ask = (limits: Limits) =>
      several(limits[word] ? limits[word].values : []).map((value) => ({ [word]: value }));
    return { word, unseen: 'dropped, or taken for another', ask };
  }),
  {
    word: 'outputCompression',
    unseen: 'dropped, or turned',
    ask: ({ outputCompression: [format] = [] }) =>
      format ? [20, 90].map((outputCompression) => ({ outputFormat: format, outputCompression })) : [],
  },
  {
    word: 'seed',
    unseen: 'dropped',
    ask: ({ seed }) => (seed ? [0, 4021, seed.max].map((one) => ({ seed: one })) : []),
  },
  {
    word: 'negativePrompt',
    unseen: 'dropped, or changed',
    ask: ({ negativePrompt }) =>
      negativePrompt ? ['Fog, 3 birds', textOf(negativePrompt.max ?? 400)].map((one) => ({ negativePrompt: one })) : [],
  },
  {
    word: 'strength',
    unseen: 'dropped, or turned',
    ask: ({ strength }) => (strength ? [{ strength: 0.2 }, { strength: 0.9 }] : []),
  },
  {
    word: 'factor',
    unseen: 'dropped',
    ask: ({ factor = [] }) => (factor.length > 1 ? factor.map((one) => ({ factor: one })) : []),
  },
  { word: 'expand', unseen: 'dropped, or turned', ask: ({ expand }) => (expand ? [{ expand: sidesOf(expand) }] : []) },
  { word: 'partials', unseen: 'ignored', ask: ({ partials }) => (partials ? [{ partials }] : []) },
  {
    word: 'user',
    unseen: 'dropped',
    ask: ({ user }) => (user ? [{ user: 'u-12345678'.padEnd(user[0], '9').slice(0, user[1]) }] : []),
  },
];

export const arrivingCases: readonly Case[] = [
  {
    id: 'arrives-prompt',
    title: 'the prompt arrives as it was given',
    applies: withEmulator,
    async run(subject) {
      const isTold = tells(subject.emulator!, 'prompt');
      await eachAsked(
        subject,
        ({ limits: { prompt } }) => [{ prompt: givenPrompt }, { prompt: textOf(longestPrompt(prompt)) }],
        (calls, accepted, shownRequest) => {
          for (const { prompt } of calls) {
            const arrived = accepted.map((one) =>
              isTold ? valueAt(placeOf(one.route, 'prompt'), one.exchange) : textWith(one, prompt),
            );
            const asked = `${shownRequest}: the prompt was ${shownText(prompt)}`;
            const isWhole = arrived.map(inLines).includes(inLines(prompt));
            assert.ok(isWhole, `${asked}, the service understood ${shownText(arrived[0])}`);
          }
        },
      );
    },
  },
  {
    id: 'arrives-model',
    title: 'the model and the operation that were asked for are those that the service is asked for',
    applies: (subject) => told(subject, 'model', 'asked for in place of another'),
    async run(subject) {
      await eachAsked(
        subject,
        () => [{}],
        (calls, accepted, shownRequest) => {
          compare('model', calls, accepted, shownRequest);
          if (tells(subject.emulator!, 'operation')) compare('operation', calls, accepted, shownRequest);
        },
      );
    },
  },
  ...askings.map(({ word, unseen, ask }): Case => {
    const inWords = word.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return {
      id: `arrives-${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      title: `every ${inWords} arrives as the one that was asked for`,
      applies: (subject) => {
        if (!subject.emulator) return 'no emulator';
        const isAsked = targetsOf(subject).some(({ limits }) => ask(limits).length > 0);
        return isAsked ? told(subject, word, unseen) : `no model has a choice of ${inWords}`;
      },
      run: (subject) =>
        eachAsked(
          subject,
          ({ limits }) => ask(limits),
          (calls, accepted, shownRequest) => compare(word, calls, accepted, shownRequest),
        ),
    };
  }),
  {
    id: 'arrives-options',
    title: 'every option arrives as the one that was asked for',
    applies: (subject) => {
      if (!subject.emulator) return 'no emulator';
      const isAsked = targetsOf(subject).some(
        (target) => optionsOf(target, Object.keys(target.limits.options ?? {})).length > 0,
      );
      return isAsked ? told(subject, 'options', 'dropped, or taken for another') : 'no model has an option';
    },
    async run(subject) {
      const known = knownOptions(subject.emulator!);
      await eachAsked(
        subject,
        (target) => optionsOf(target, [...known]),
        (calls, accepted, shownRequest, words) => {
          const [name = ''] = Object.keys(words.providerOptions ?? {});
          const [{ options } = { options: {} }] = calls as readonly Partial<ProviderCall>[];
          for (const { exchange, route } of accepted) {
            const place = placeOf(route, 'options')[name];
            if (place === undefined) continue;
            const arrived = valueAt(place, exchange);
            const message = `${shownRequest}: ${name} was ${shown(options?.[name])}, the service understood ${shown(arrived)}`;
            assert.ok(isSame('options', options?.[name], arrived), message);
          }
        },
      );
    },
  },
  {
    id: 'arrives-pictures',
    title: 'input pictures arrive, all of them, unchanged and in order',
    applies: (subject) => withInput(subject, (target) => (target.request.images?.length ?? 0) > 0, 'takes pictures'),
    async run(subject) {
      const isTold = tells(subject.emulator!, 'images');
      await eachAsked(
        subject,
        (target) => picturesFor(target),
        async (calls, accepted, shownRequest, _, rig) => {
          const asked = calls.flatMap(({ images }) => bytesOf(images));
          const masks = calls.flatMap(({ mask }) => (mask?.as === 'bytes' ? [mask.bytes] : []));
          const { arrived, inOrder } = await arrivedPictures(isTold, accepted, rig, masks);
          const saw = arrived.map((one) => nameOf(one, asked)).join(', ') || 'none';
          const wanted = asked.map((_, index) => `picture ${index + 1}`).join(', ');
          const message = `${shownRequest}: ${wanted} were given, the service received ${saw}`;
          const isRight = inOrder
            ? arrived.length === asked.length && asked.every((one, index) => isEqual(one, arrived[index]))
            : asked.every((one) => arrived.some((other) => isEqual(one, other)));
          assert.ok(isRight, message);
        },
      );
    },
  },
  {
    id: 'arrives-picture-urls',
    title: 'the URL of an input picture arrives where the table says that the service takes one',
    applies: (subject) => {
      const has = withInput(subject, takesURL, 'takes pictures as URLs');
      return has === true ? told(subject, 'images', 'dropped, or another') : has;
    },
    async run(subject) {
      await eachAsked(
        subject,
        (target) => (takesURL(target) ? [{ images: [pictureURL, ...(target.request.images ?? []).slice(1)] }] : []),
        async (_, accepted, shownRequest) => {
          for (const { exchange, route } of accepted) {
            const [first] = await picturesAt(valueAt(placeOf(route, 'images'), exchange));
            assert.equal(
              first,
              pictureURL,
              `${shownRequest}: ${pictureURL} was given, the service received ${shown(first)}`,
            );
          }
        },
      );
    },
  },
  {
    id: 'pictures-are-what-they-say',
    title: 'the type that is said of an input picture is the one it has',
    applies: (subject) => withInput(subject, ({ request }) => (request.images?.length ?? 0) > 0, 'takes pictures'),
    async run(subject) {
      await eachAsked(
        subject,
        (target) => typesOf(target),
        async (_, accepted, shownRequest) => {
          for (const { exchange } of accepted) {
            for (const { said, bytes } of await labelsIn(exchange)) {
              const is = lookAt(bytes)?.mediaType;
              const isTrue = is === undefined || said === is || (said === 'image/jpg' && is === 'image/jpeg');
              assert.ok(isTrue, `${shownRequest}: the request calls a picture ${said}, which is ${is}`);
            }
          }
        },
      );
    },
  },
  {
    id: 'arrives-mask',
    title: 'the mask arrives, and no other picture in its place',
    applies: (subject) => withInput(subject, ({ request }) => request.mask !== undefined, 'takes a mask'),
    async run(subject) {
      const isTold = tells(subject.emulator!, 'mask');
      await eachAsked(subject, masked, async (calls, accepted, shownRequest, _, rig) => {
        const [mask] = calls.flatMap(({ mask }) => (mask?.as === 'bytes' ? [mask.bytes] : []));
        const found = isTold
          ? (
              await Promise.all(
                accepted.map(async (one) => picturesAt(valueAt(placeOf(one.route, 'mask').at, one.exchange))),
              )
            ).flat()
          : (await arrivedPictures(false, accepted, rig, [])).arrived;
        const [first] = calls.flatMap(({ images }) => bytesOf(images));
        const saw = found.map((one) => (isEqual(one, first) ? 'the picture' : shown(one))).join(', ') || 'nothing';
        assert.ok(
          found.some((one) => isEqual(one, mask)),
          `${shownRequest}: a mask was given, the service received ${saw} in its place`,
        );
      });
    },
  },
  {
    id: 'mask-means-the-same',
    title: 'the service repaints what the mask marks, and keeps the rest',
    applies: (subject) => {
      const has = withInput(subject, ({ request }) => request.mask !== undefined, 'takes a mask');
      return has === true ? told(subject, 'mask', 'turned') : has;
    },
    async run(subject) {
      await eachAsked(subject, masked, async (_, accepted, shownRequest) => {
        for (const { exchange, route } of accepted) {
          const { at, repaint } = placeOf(route, 'mask');
          const [mask] = await picturesAt(valueAt(at, exchange));
          const halves = mask instanceof Uint8Array ? repaintedHalves(mask, repaint) : undefined;
          assert.ok(halves, `${shownRequest}: the mask is ${shown(mask)}; what the suite sends is a PNG of 8 bits`);
          const said = `${shownRequest}: the left half was to be repainted; the service, which repaints what is ${repaint}, repaints ${halves}`;
          assert.equal(halves, 'the left half', said);
        }
      });
    },
  },
];

/** The longest prompt that the table allows, characters; some hundred where it counts in tokens or not at all. */
function longestPrompt(prompt: Limits['prompt']): number {
  if (prompt?.max === undefined) return usual;
  return Math.min(prompt.unit === 'tokens' ? usual : longest, prompt.max);
}

/** Words of a text of so many characters. */
function textOf(length: number): string {
  return 'a red paper boat at dawn, '
    .repeat(Math.ceil(length / 26))
    .slice(0, length)
    .replace(/ $/, '.');
}

/** A text in a message: of a long one, how long it is. */
function shownText(text: unknown): string {
  const isLong = typeof text === 'string' && text.length > 120;
  return isLong ? `${shown(text.slice(0, 40))} … (${[...text].length} characters)` : shown(text);
}

/** The reason, for a skipped title, why nobody can see what becomes of a word; `true` where the emulator tells. */
function told({ emulator }: Subject, word: Word, unseen: string): true | string {
  if (!emulator) return 'no emulator';
  if (tells(emulator, word)) return true;
  return `the emulator does not say what it understood as ${word}, so that nobody sees if it is ${unseen}`;
}

function withInput(subject: Subject, has: (target: Target) => boolean, what: string): true | string {
  if (!subject.emulator) return 'no emulator';
  return targetsOf(subject).some(has) ? true : `no model ${what}`;
}

/** Checks what was accepted of one request. `calls`: what the provider was given. */
type Check = (
  calls: readonly ProviderCall[],
  accepted: readonly Accepted[],
  shownRequest: string,
  words: ClientRequest,
  rig: Rig,
) => void | Promise<void>;

/** Makes requests to each model, and has what arrived checked. */
async function eachAsked(
  subject: Subject,
  ask: (target: Target) => readonly ClientRequest[],
  check: Check,
): Promise<void> {
  const targets = targetsOf(subject);
  await withRig(subject, targets[0]!, {}, async (rig) => {
    for (const target of targets) {
      for (const words of ask(target)) {
        rig.forget();
        const { error, warnings } = await rig.run(words, target);
        const shownRequest = `${target.model} ${target.operation} ${showWords(words)}`;
        assert.ok(!error, `${shownRequest} failed: ${error?.code} ${error?.message}`);
        const other = warnings.find(({ code }) => code === 'size-differs');
        assert.ok(!other, `${shownRequest} gave another size than was sent: ${other?.message}`);
        const calls = rig.works.flatMap(({ before }) => before ?? []);
        const accepted = acceptedOf(rig.seen);
        assert.ok(accepted.length > 0, `${shownRequest}: the service took no request`);
        await check(calls, accepted, shownRequest, words, rig);
      }
    }
  });
}

function compare(
  word: Exclude<Word, 'images' | 'mask' | 'options'>,
  calls: readonly ProviderCall[],
  accepted: readonly Accepted[],
  shownRequest: string,
): void {
  const [call] = calls;
  const asked = call?.[word];
  if (word === 'n') {
    const arrived = accepted.map(({ exchange, route }) => Number(valueAt(placeOf(route, word), exchange) ?? 1));
    const sum = arrived.reduce((all, one) => all + one, 0);
    assert.equal(sum, asked, `${shownRequest}: ${asked} pictures were asked for, the service understood ${sum}`);
    return;
  }
  for (const { exchange, route } of accepted) {
    const arrived = valueAt(placeOf(route, word), exchange);
    assert.ok(
      isSame(word, asked, arrived),
      `${shownRequest}: ${word} was ${shown(asked)}, the service understood ${shown(arrived)}`,
    );
  }
}

/** The pictures of all accepted requests but masks; `inOrder` unless they went ahead in requests of their own. */
async function arrivedPictures(
  isTold: boolean,
  accepted: readonly Accepted[],
  { seen }: Rig,
  masks: readonly Uint8Array[],
): Promise<{ arrived: readonly (Uint8Array | string)[]; inOrder: boolean }> {
  if (isTold) {
    const list = accepted.map(({ exchange, route }) => picturesAt(valueAt(placeOf(route, 'images'), exchange)));
    return { arrived: (await Promise.all(list)).flat(), inOrder: true };
  }
  const isMask = (one: Uint8Array) => masks.some((mask) => isEqual(one, mask));
  const within = (await Promise.all(accepted.map(({ exchange }) => picturesIn(exchange)))).flat();
  if (within.length > 0) return { arrived: within.filter((one) => !isMask(one)), inOrder: true };
  const ahead = (await Promise.all(seen.map(({ exchange }) => picturesIn(exchange)))).flat();
  return { arrived: ahead.filter((one) => !isMask(one)), inOrder: false };
}

function isEqual(one: Uint8Array | string | undefined, other: Uint8Array | string | undefined): boolean {
  return one instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(one, other) === 0;
}

function nameOf(one: Uint8Array | string, asked: readonly Uint8Array[]): string {
  const index = asked.findIndex((other) => isEqual(one, other));
  return index < 0 ? `another (${shown(one)})` : `picture ${index + 1}`;
}

/** The text of a request that holds the prompt, cut to it: for services whose emulator does not tell. */
function textWith({ exchange: { body, form } }: Accepted, prompt: string): unknown {
  const texts = form ? [...form].map(([, value]) => value) : leavesOf(body);
  return texts.some((text) => typeof text === 'string' && inLines(text).includes(prompt)) ? prompt : texts.find(isLong);
}

function isLong(text: unknown): boolean {
  return typeof text === 'string' && text.length > 10;
}

/** As many pictures as are taken, three at most, each another. */
function picturesFor({ request, limits: { images } }: Target): readonly ClientRequest[] {
  const [first] = request.images ?? [];
  if (!(first instanceof Uint8Array) || !images) return [];
  const { width = 512, height = 512 } = lookAt(first) ?? {};
  const count = Math.max(images.count[0], Math.min(3, images.count[1]));
  const draw = (index: number) => drawTestCard({ prompt: `input ${index + 1}`, width, height });
  return [{ images: Array.from({ length: count }, (_, index) => draw(index)) }];
}

const pictureURL = 'https://pictures.example.com/input.png';

function takesURL({ request, limits: { images, mask } }: Target): boolean {
  const takes = images ? images.as : [];
  return (request.images?.length ?? 0) > 0 && !mask && takes.includes('url');
}

/** A picture of each type that is drawn here. */
function typesOf({ request, limits: { images, mask } }: Target): readonly ClientRequest[] {
  const [first] = request.images ?? [];
  if (!(first instanceof Uint8Array) || !images || mask) return [];
  const { width = 512, height = 512 } = lookAt(first) ?? {};
  const drawn = images.types.flatMap(
    (type) => drawPlain(type.slice('image/'.length), { prompt: 'input', width, height }) ?? [],
  );
  return [first, ...drawn].map((one) => ({ images: [one, ...(request.images ?? []).slice(1)] }));
}

function masked({ request }: Target): readonly ClientRequest[] {
  return request.mask === undefined ? [] : [{}];
}

/** Which half of a picture a service repaints. */
function repaintedHalves(bytes: Uint8Array, repaint: string): string | undefined {
  const mask = readPng(bytes);
  if (!mask) return undefined;
  const y = Math.floor(mask.height / 2);
  const isRepainted = (x: number) => {
    const [red, , , opacity] = mask.at(Math.floor(x), y);
    if (repaint === 'white' || repaint === 'black') return red > 127 === (repaint === 'white');
    return opacity < 128;
  };
  const [left, right] = [isRepainted(mask.width / 4), isRepainted((mask.width * 3) / 4)];
  if (left && right) return 'all of it';
  return left ? 'the left half' : right ? 'the right half' : 'nothing';
}

function optionsOf({ limits: { options = {} } }: Target, names: readonly string[]): readonly ClientRequest[] {
  return names.flatMap((name) => {
    const values = options[name] ? sample(legalValues(options[name])) : [];
    return values.map((value) => ({ providerOptions: { [name]: value } }));
  });
}

/** Each side another: to the last bit for px, as far as is allowed. */
function sidesOf({ unit, max }: { readonly unit: 'ratio' | 'px'; readonly max: number }) {
  const part = (share: number) => (unit === 'px' ? Math.max(1, Math.round(Math.min(256, max) * share)) : max * share);
  return { top: part(0.25), right: part(0.5), bottom: part(0.75), left: part(1) };
}

/** The smallest that lies and the smallest that stands. */
function unequal(sizes: readonly `${number}x${number}`[]): readonly `${number}x${number}`[] {
  const shapes = sizes.map((size) => ({ size, sides: size.split('x').map(Number) as [number, number] }));
  const smallest = (has: (sides: [number, number]) => boolean) =>
    shapes.filter(({ sides }) => has(sides)).sort((a, b) => a.sides[0] * a.sides[1] - b.sides[0] * b.sides[1])[0];
  const found = [smallest(([width, height]) => width > height), smallest(([width, height]) => width < height)];
  const list = found.flatMap((one) => one?.size ?? []);
  return list.length > 0 ? list : sizes.slice(0, 2);
}

function sizeAsked(size: `${number}x${number}`): ClientRequest {
  return { size };
}

function showWords({ images, mask, prompt, negativePrompt, ...others }: ClientRequest): string {
  const words = {
    ...(prompt !== undefined && { prompt: cut(prompt) }),
    ...(negativePrompt !== undefined && { negativePrompt: cut(negativePrompt) }),
    ...others,
  };
  return JSON.stringify({ ...words, ...(images && { images: images.length }), ...(mask !== undefined && { mask: 1 }) });
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 40)}…` : text;
}
