// Faults that an author may make, each by name, and the case that sees it. They show of a provider and its emulator that the suite would.

import process, { stderr, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ImageError,
  type InputImage,
  type JobState,
  type Json,
  limitsOf,
  type ProviderCall,
  type ProviderResult,
} from '@anyimage/core';
import { drawTestCard } from '../../picture/test-card.ts';
import { byURL, eachMode, type Subject, withModel } from '../rig/case.ts';
import { knownOptions, requestIdOf, sentencesOf } from '../rig/sent.ts';
import { targetsOf } from '../rig/targets.ts';
import { type Fault, withFault } from './alter.ts';

const { console: terminal } = globalThis;

/** A deliberate break. */
export interface Break {
  /** Completes "a provider that …". */
  readonly name: string;
  /** The id of the case that sees it. */
  readonly caught: string;
  readonly fault: Fault;
  /** Why this provider cannot have it, where its case does not tell. */
  readonly possible?: (subject: Subject) => true | string;
}

type Choice = 'quality' | 'style' | 'background' | 'outputFormat';

/** The value at the other end of a list: low for high. */
function opposite(values: readonly string[] | undefined, value: string): string {
  return values?.toReversed()[values.indexOf(value)] ?? value;
}

function permuted(call: ProviderCall, word: Choice): object {
  const [choice, value] = [call.limits[word], call[word]];
  return choice && value !== undefined ? { [word]: opposite(choice.values, value) } : {};
}

function without(word: keyof ProviderCall): Fault {
  return { call: () => ({ [word]: undefined }) };
}

/** Of what changes only where the call has the word. */
function changing<W extends keyof ProviderCall>(
  word: W,
  change: (value: NonNullable<ProviderCall[W]>, call: ProviderCall) => ProviderCall[W],
): Fault {
  return { call: (call) => (call[word] == null ? {} : { [word]: change(call[word]!, call) }) };
}

function otherPicture(image: InputImage): InputImage {
  if (image.as === 'url') return image;
  return { ...image, bytes: drawTestCard({ prompt: 'another', width: image.width, height: image.height }) };
}

function takesSeveral(subject: Subject): true | string {
  const isSeveral = targetsOf(subject).some(({ limits: { images } }) => images && images.count[1] > 1);
  return isSeveral ? true : 'no model takes several pictures';
}

function hasChoice(subject: Subject, word: Choice): true | string {
  const isSo = targetsOf(subject).some(({ limits }) => limits[word] && limits[word].values.length > 1);
  return isSo ? true : `no model has two values of ${word}`;
}

function hasOption(subject: Subject, type: string): boolean {
  const known = subject.emulator ? knownOptions(subject.emulator) : new Set<string>();
  return targetsOf(subject).some(({ limits: { options = {} } }) =>
    Object.entries(options).some(([name, option]) => known.has(name) && option.type === type),
  );
}

function hasFractions(subject: Subject): true | string {
  return hasOption(subject, 'number') ? true : 'no option is a number that may have a fraction';
}

function hasSwitches(subject: Subject): true | string {
  return hasOption(subject, 'boolean') ? true : 'no option is a switch';
}

function hasPricesByQuality(subject: Subject): true | string {
  const isSo = targetsOf(subject).some(({ limits: { prices = [], quality } }) =>
    prices.some(({ amount, when }) => quality && when?.quality === quality.values.at(-1) && amount > 0),
  );
  return isSo ? true : 'no price depends on the quality';
}

function changingOptions(change: (value: Json) => Json): Fault {
  return {
    call: ({ options }) => ({
      options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, change(value)])),
    }),
  };
}

const arriving: readonly Break[] = [
  { name: 'drops the input pictures', caught: 'arrives-pictures', fault: { call: () => ({ images: [] }) } },
  {
    name: 'drops the second input picture',
    caught: 'arrives-pictures',
    possible: takesSeveral,
    fault: changing('images', (images) => images.filter((_, index) => index !== 1)),
  },
  {
    name: 'swaps two input pictures',
    caught: 'arrives-pictures',
    possible: takesSeveral,
    fault: changing('images', (images) => images.toReversed()),
  },
  {
    name: 'sends the first input picture in place of all',
    caught: 'arrives-pictures',
    possible: takesSeveral,
    fault: changing('images', (images) => images.map(() => images[0]!)),
  },
  {
    name: 'sends other input pictures',
    caught: 'arrives-pictures',
    fault: changing('images', (images) => images.map(otherPicture)),
  },
  {
    name: 'sends another URL in place of that of an input picture',
    caught: 'arrives-picture-urls',
    fault: changing('images', (images) =>
      images.map((one) => (one.as === 'url' ? { ...one, url: `${one.url}?small` } : one)),
    ),
  },
  { name: 'drops the mask', caught: 'arrives-mask', fault: without('mask') },
  {
    name: 'sends the picture in place of the mask',
    caught: 'arrives-mask',
    fault: changing('mask', (_, { images }) => images[0]!),
  },
  { name: 'sends another mask', caught: 'arrives-mask', fault: changing('mask', otherPicture) },
  {
    name: 'has the polarity of the mask turned in its table',
    caught: 'mask-means-the-same',
    fault: {
      limits: ({ mask }) => (mask ? { mask: { ...mask, repaint: mask.repaint === 'black' ? 'white' : 'black' } } : {}),
    },
  },
  { name: 'drops the aspect ratio', caught: 'arrives-aspect-ratio', fault: without('aspectRatio') },
  {
    name: 'turns the aspect ratio',
    caught: 'arrives-aspect-ratio',
    fault: changing('aspectRatio', (ratio) => ratio.split(':').toReversed().join(':') as typeof ratio),
  },
  { name: 'drops the resolution', caught: 'arrives-resolution', fault: without('resolution') },
  {
    name: 'takes one resolution for another',
    caught: 'arrives-resolution',
    fault: changing('resolution', (tier, { limits: { size } }) =>
      size ? (size.tiers?.find((other) => other !== tier) ?? tier) : tier,
    ),
  },
  { name: 'drops the size', caught: 'arrives-size', fault: without('size') },
  {
    name: 'turns the size',
    caught: 'arrives-size',
    fault: changing('size', ({ width, height }) => ({ width: height, height: width })),
  },
  { name: 'drops the strength', caught: 'arrives-strength', fault: without('strength') },
  { name: 'turns the strength', caught: 'arrives-strength', fault: changing('strength', (strength) => 1 - strength) },
  ...(['quality', 'style', 'background', 'outputFormat'] as const).flatMap((word): Break[] => {
    const caught = word === 'outputFormat' ? 'arrives-output-format' : `arrives-${word}`;
    return [
      { name: `permutes the values of ${word}`, caught, fault: { call: (call) => permuted(call, word) } },
      { name: `drops ${word}`, caught, fault: without(word) },
      {
        name: `takes the second ${word} for the first`,
        caught,
        possible: (subject) => hasChoice(subject, word),
        fault: changing(word, (value, { limits }) => {
          const { values = [] } = limits[word] || {};
          return value === values[1] ? values[0]! : value;
        }),
      },
    ];
  }),
  {
    name: 'turns the compression',
    caught: 'arrives-output-compression',
    fault: changing('outputCompression', (percent) => 100 - percent),
  },
  { name: 'does not send the seed', caught: 'arrives-seed', fault: without('seed') },
  {
    name: 'takes a seed of 0 for none',
    caught: 'arrives-seed',
    fault: changing('seed', (seed) => seed || undefined),
  },
  { name: 'sends the next seed', caught: 'arrives-seed', fault: changing('seed', (seed) => seed + 1) },
  { name: 'drops the negative prompt', caught: 'arrives-negative-prompt', fault: without('negativePrompt') },
  { name: 'drops the options', caught: 'arrives-options', fault: { call: () => ({ options: {} }) } },
  {
    name: 'rounds numbers among the options',
    caught: 'arrives-options',
    possible: hasFractions,
    fault: changingOptions((value) => (typeof value === 'number' ? Math.round(value) : value)),
  },
  {
    name: 'turns switches among the options',
    caught: 'arrives-options',
    possible: hasSwitches,
    fault: changingOptions((value) => (typeof value === 'boolean' ? !value : value)),
  },
  {
    name: 'adds to the prompt',
    caught: 'arrives-prompt',
    fault: changing('prompt', (prompt) => `${prompt}, masterpiece`),
  },
  {
    name: 'sends the prompt in small letters',
    caught: 'arrives-prompt',
    fault: changing('prompt', (prompt) => prompt.toLowerCase()),
  },
  { name: 'cuts the prompt', caught: 'arrives-prompt', fault: changing('prompt', (prompt) => prompt.slice(0, 20)) },
  {
    name: 'cuts long prompts',
    caught: 'arrives-prompt',
    fault: changing('prompt', (prompt) => prompt.slice(0, 300)),
    possible: ({ provider }) =>
      Object.values(provider().models).some(({ prompt }) => (prompt?.max ?? 600) > 300) ? true : 'prompts are short',
  },
  {
    name: 'drops what is not ASCII from the prompt',
    caught: 'arrives-prompt',
    fault: changing('prompt', (prompt) => prompt.replace(/[^\t-~]/g, '')),
  },
  { name: 'ignores how many pictures are asked for', caught: 'arrives-n', fault: { call: () => ({ n: 1 }) } },
  { name: 'drops the user', caught: 'arrives-user', fault: without('user') },
  {
    name: 'swaps the sides of an extension',
    caught: 'arrives-expand',
    fault: changing('expand', ({ top, right, bottom, left }) => ({
      top: bottom,
      right: left,
      bottom: top,
      left: right,
    })),
  },
  { name: 'drops the factor', caught: 'arrives-factor', fault: without('factor') },
  { name: 'makes no partial pictures', caught: 'arrives-partials', fault: { call: () => ({ partials: 0 }) } },
  {
    name: 'asks for another model',
    caught: 'arrives-model',
    fault: {
      call({ model, operation }, { models }) {
        const isOther = (id: string) => id !== model && models[id]!.operations[operation] !== undefined;
        const other = Object.keys(models).find(isOther);
        return other === undefined ? {} : { model: other, limits: limitsOf(models[other]!, operation) };
      },
    },
  },
];

const tables: readonly Break[] = [
  {
    name: 'says that a call makes more pictures than the service takes',
    caught: 'per-call-fits',
    fault: { limits: ({ perCall = 1 }) => ({ perCall: perCall * 4 }) },
  },
  {
    name: 'says that URLs work longer than the service keeps them',
    caught: 'urls-live-as-long',
    fault: { limits: (limits) => longerLives(limits) },
  },
];

const answers: readonly Break[] = [
  {
    name: 'makes the cost a hundred times as high',
    caught: 'cost-is-told',
    fault: { ...priced((amount) => amount * 100), ...costing((amount) => amount * 100) },
  },
  { name: 'makes the cost negative', caught: 'cost-is-told', fault: costing((amount) => -amount) },
  {
    name: 'loses the cost',
    caught: 'cost-is-told',
    fault: {
      limits: ({ prices }) => (prices ? { prices: [{ ...prices[0]!, when: { region: 'nowhere' } }] } : {}),
      cost: () => undefined,
      result: () => ({ cost: undefined, usage: undefined }),
    },
  },
  {
    name: 'calls a cost that the service told an estimate',
    caught: 'cost-is-told',
    possible: ({ emulator }) =>
      emulator?.definition.routes.some(({ told }) => told?.cost) ? true : 'the service tells no cost',
    fault: {
      result: ({ cost }) => ({ cost: cost && { ...cost, estimated: true } }),
      cost: (cost) => ({ ...cost, estimated: true }),
    },
  },
  {
    name: 'has the price of the best quality wrong',
    caught: 'cost-is-told',
    possible: hasPricesByQuality,
    fault: {
      limits: ({ prices, quality }) => {
        const best = quality ? quality.values.at(-1) : undefined;
        const changed = prices?.map((one) => (one.when?.quality === best ? { ...one, amount: one.amount * 10 } : one));
        return best && changed ? { prices: changed } : {};
      },
      result: () => ({ cost: undefined, usage: undefined }),
    },
  },
  { name: 'loses the seed of the answer', caught: 'told-seed', fault: eachOutput(() => ({ seed: undefined })) },
  {
    name: 'loses the prompt as it was rewritten',
    caught: 'told-revised-prompt',
    fault: eachOutput(() => ({ revisedPrompt: undefined })),
  },
  {
    name: 'takes its own prompt for the rewritten one',
    caught: 'told-revised-prompt',
    fault: eachOutput(() => ({ revisedPrompt: 'a red paper boat at dawn' })),
  },
  {
    name: 'says another media type',
    caught: 'media-types-are-true',
    fault: eachOutput(() => ({ mediaType: 'image/avif' })),
  },
  {
    name: 'says in seconds until when a URL works',
    caught: 'urls-live-as-long',
    fault: eachOutput(() => ({ expiresAt: Math.floor(Date.now() / 1000) + 3600 })),
  },
  {
    name: 'says that a URL works for a year',
    caught: 'urls-live-as-long',
    fault: eachOutput(() => ({ expiresAt: Date.now() + 365 * 86_400_000 })),
  },
  {
    name: 'returns one picture less than it made',
    caught: 'n-pictures',
    possible: (subject) =>
      eachMode(subject).some(({ limits: { perCall = 1 } }) => perCall > 1) ? true : 'no call makes several pictures',
    fault: { result: ({ outputs }) => ({ outputs: outputs.slice(0, Math.max(1, outputs.length - 1)) }) },
  },
];

const failures: readonly Break[] = [
  {
    name: 'loses the request id of a refusal',
    caught: 'documented-errors',
    possible: ({ emulator }) => {
      const refusals = Object.values(emulator?.definition.failures ?? {});
      return refusals.some((refusal) => requestIdOf(refusal)) ? true : 'the service tells no request id';
    },
    fault: { error: (error) => rewritten(error, { requestId: undefined }) },
  },
  {
    name: 'keeps what a refusal says to itself',
    caught: 'documented-errors',
    possible: ({ emulator }) =>
      Object.values(emulator?.definition.failures ?? {}).some(({ json }) => sentencesOf(json).length > 0)
        ? true
        : 'the refusals of the service have no sentence for people',
    fault: { error: (error) => rewritten(error, {}, error.code, 'it failed') },
  },
  {
    name: 'calls every refusal a server error',
    caught: 'documented-errors',
    fault: { error: (error) => rewritten(error, {}, 'server') },
  },
  {
    name: 'takes seconds of Retry-After for minutes',
    caught: 'rate-limit-waits',
    fault: { error: (error) => (error.retryAfter ? error.with({ retryAfter: error.retryAfter * 60 }) : error) },
  },
  {
    name: 'does not read Retry-After',
    caught: 'rate-limit-waits',
    fault: { error: (error) => rewritten(error, { retryAfter: undefined }) },
  },
  {
    name: 'says of no failure that it may have been billed',
    caught: 'no-double-spend',
    fault: { error: (error) => error.with({ mayHaveBeenBilled: false }) },
  },
];

const jobs: readonly Break[] = [
  {
    name: 'takes a state that it does not know for a job that runs',
    caught: 'job-unknown-state',
    fault: { unanswered: () => ({ state: 'running' }) },
  },
  {
    name: 'takes a state that it does not know for the end of the job',
    caught: 'job-unknown-state',
    fault: { unanswered: (error) => ({ state: 'failed', error }) },
  },
  {
    name: 'takes moderation of a job for a server error',
    caught: 'job-moderation-is-told',
    fault: {
      state: onRefused((state) => ({
        ...state,
        error: new ImageError('server', 'the job failed', { mayHaveBeenBilled: true }),
      })),
    },
  },
  {
    name: 'takes moderation of a job for an empty success',
    caught: 'job-moderation-is-told',
    fault: { state: onRefused(() => ({ state: 'done', result: { outputs: [] } })) },
  },
  {
    name: 'takes moderation of a job for a job that runs',
    caught: 'job-moderation-is-told',
    fault: { state: onRefused(() => ({ state: 'running' })) },
  },
  {
    name: 'does not say that a job that failed may have been billed',
    caught: 'job-failure-is-told',
    fault: {
      state: (state) =>
        'error' in state ? { ...state, error: state.error.with({ mayHaveBeenBilled: false }) } : state,
    },
  },
  {
    name: 'tells progress in percent',
    caught: 'job-progress-is-sane',
    fault: {
      state: (state) => (state.state === 'running' ? { ...state, fraction: (state.fraction ?? 0.5) * 100 } : state),
    },
  },
  {
    name: 'calls a job cancelled that goes on',
    caught: 'cancel-is-honest',
    fault: {
      parts: ({ jobs = null }) => ({
        jobs: Object.assign(Object.create(jobs) as object, { cancel: async () => 'cancelled' }),
      }),
    },
  },
  {
    name: 'does not trust the host that its service leads to',
    caught: 'other-host-is-trusted',
    fault: { parts: () => ({ trustedHosts: ['example.com'] }) },
  },
];

const manners: readonly Break[] = [
  {
    name: 'prints the key with console.log',
    caught: 'prints-nothing',
    fault: { meanwhile: (_, { access }) => terminal.log(String(access.apiKey)) },
  },
  {
    name: 'writes the key to stdout',
    caught: 'prints-nothing',
    fault: { meanwhile: (_, { access }) => stdout.write(`${String(access.apiKey)}\n`) },
  },
  { name: 'writes to stderr', caught: 'prints-nothing', fault: { meanwhile: () => stderr.write('done\n') } },
  {
    name: 'puts the key into the query',
    caught: 'key-is-a-header',
    fault: {
      parts: ({ sign }) => ({
        sign(key: string, request: { method: string; url: URL }) {
          request.url.searchParams.set('api_key', key);
          return sign(key, request);
        },
      }),
    },
  },
  {
    name: 'puts the key into another header',
    caught: 'key-is-a-header',
    fault: { send: (send, request) => send({ ...request, headers: { ...request.headers, 'x-account': 'test-key' } }) },
  },
  { name: 'sleeps', caught: 'waits-and-fetches-not', fault: { meanwhile: () => sleep(1) } },
  {
    name: 'asks again by itself where it is refused',
    caught: 'waits-and-fetches-not',
    fault: {
      async send(send, request) {
        const answer = await send(request);
        return answer.status === 429 ? send(request) : answer;
      },
    },
  },
  {
    name: 'fetches pictures by itself',
    caught: 'waits-and-fetches-not',
    possible: withModel('whose pictures come as URLs', byURL),
    fault: {
      async meanwhile(context, _, result) {
        for (const output of result?.outputs ?? []) {
          if ('url' in output) await (await context.http.send({ to: output.url })).bytes();
        }
      },
    },
  },
  {
    name: 'speaks to the service past core',
    caught: 'waits-and-fetches-not',
    fault: { meanwhile: async ({ baseURL }) => void (await (await fetch(baseURL)).text()) },
  },
  {
    name: 'asks how its job is by itself, until it is done',
    caught: 'waits-and-fetches-not',
    possible: ({ provider }) => (provider().jobs ? true : 'no model works through jobs'),
    fault: {
      parts: ({ jobs = null }) => ({
        jobs: Object.assign(Object.create(jobs) as object, {
          submit: async (...[call, context]: Parameters<NonNullable<typeof jobs>['submit']>) => {
            const ticket = await jobs!.submit(call, context);
            for (let times = 0; times < 9; times++) if ((await jobs!.check(ticket, context)).state === 'done') break;
            return ticket;
          },
        }),
      }),
    },
  },
  {
    name: 'turns the pictures of the call that it is given',
    caught: 'call-is-left-alone',
    possible: takesSeveral,
    fault: {
      call: ({ images }) => {
        (images as unknown[]).reverse();
        return {};
      },
    },
  },
  {
    name: 'puts the key into the environment',
    caught: 'leaves-nothing-behind',
    fault: {
      meanwhile(_, { access }) {
        process.env.STRAY_KEY = String(access.apiKey) + process.hrtime.bigint();
      },
    },
  },
  {
    name: 'puts what it was asked into a global',
    caught: 'leaves-nothing-behind',
    fault: { meanwhile: (context) => Object.assign(globalThis, { [`stray-${process.hrtime.bigint()}`]: context }) },
  },
  {
    name: 'changes the call that it is given',
    caught: 'call-is-left-alone',
    fault: {
      call: (call) => {
        Object.assign(call, { n: 7 });
        return { n: 1 };
      },
    },
  },
  {
    name: 'fails when it is asked for models',
    caught: 'discover-lists',
    fault: { parts: () => ({ discover: async () => Promise.reject(new Error('not today')) }) },
  },
  { name: 'finds no models', caught: 'discover-lists', fault: { parts: () => ({ discover: async () => [] }) } },
];

/** All of them. */
export const breaks: readonly Break[] = [...arriving, ...tables, ...answers, ...failures, ...jobs, ...manners];

/** The factory of a provider that has the fault of a break. */
export function broken<F extends (...access: never[]) => Parameters<typeof withFault>[0]>(
  right: F,
  { fault }: Break,
): F {
  return ((...access) => withFault(right(...access), fault)) as F;
}

function eachOutput(change: () => object): Fault {
  return { result: ({ outputs }) => ({ outputs: outputs.map((output) => ({ ...output, ...change() })) }) };
}

function onRefused(change: (state: JobState<Json>) => object): (state: JobState<Json>) => JobState<Json> {
  return (state) =>
    'error' in state && state.error.code === 'content-blocked' ? (change(state) as JobState<Json>) : state;
}

function longerLives(limits: object): object {
  const { delivery } = limits as { readonly delivery?: { readonly as: string; readonly livesSeconds?: number } };
  return delivery?.livesSeconds ? { delivery: { ...delivery, livesSeconds: delivery.livesSeconds * 24 } } : {};
}

/** Prices of the table, for a provider that leaves the cost to it. */
function priced(change: (amount: number) => number): Fault {
  return {
    limits: ({ prices }) =>
      prices ? { prices: prices.map((price) => ({ ...price, amount: change(price.amount) })) } : {},
  };
}

/** What the provider says that it cost: its own word, or one for the table's. */
function costing(change: (amount: number) => number): Fault {
  const changed = (cost: NonNullable<ProviderResult['cost']>) => ({ ...cost, amount: change(cost.amount) });
  const guess = { amount: change(0.05), currency: 'USD', estimated: true } as const;
  return {
    result: ({ cost }) => ({ cost: cost ? changed(cost) : guess }),
    cost: changed,
  };
}

/** The same error, or one of another code, with other facts; `with` takes none away. */
function rewritten(
  error: ImageError,
  facts: { requestId?: undefined; retryAfter?: undefined },
  code = error.code,
  message = error.message,
) {
  const { provider, model, status, serviceCode, requestId, retryable, retryAfter, mayHaveBeenBilled, hint } = error;
  const known = {
    provider,
    model,
    status,
    serviceCode,
    requestId,
    retryable,
    retryAfter,
    mayHaveBeenBilled,
    hint,
    ...facts,
  };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return new ImageError(code, message, given);
}
