// The suite is examined with a provider that is right, and with others that are each wrong in one way: the cases that should notice do.
// More such faults, of a service that has every word, are in breaks.test.ts.

import { type CallContext, ImageError, type ImageProvider, type ModelTable, type ProviderCall } from '@anyimage/core';
import { describe, expect, it } from 'vitest';
import { models } from '../examples/little/capabilities.ts';
import { emulator } from '../examples/little/emulator.ts';
import { ask, type LittleAnswer, little, resultOf, toWire } from '../examples/little/provider.ts';
import { emulator as studioEmulator } from '../examples/studio/emulator.ts';
import { studio } from '../examples/studio/provider.ts';
import { breaks, type Case, cases, conformance, type Subject } from './conformance.ts';
import { defineEmulator, testCodec } from './index.ts';

conformance({ provider: little, emulator });

interface Mutant {
  readonly wrong: string;
  /** The parts that differ from the right provider. */
  readonly change: (right: ImageProvider) => object;
  /** The ids of the cases that notice. */
  readonly noticed: readonly string[];
  /** Examined with an emulator that does not say what it understood. */
  readonly mute?: true;
  /** For one that hangs, ms. */
  readonly patienceMs?: number;
  /** A studio, and not a little one: a service that has every word. */
  readonly isStudio?: true;
}

const right = little();
const generate = right.generate!;
const jobs = right.jobs!;
const pictures = models['little-1'].operations.edit.images;

const row = (change: object) => ({
  models: { ...models, 'little-1': { ...models['little-1'], ...change } } as unknown as ModelTable,
});
const altered = (alter: (call: ProviderCall) => object) => ({
  generate: (call: ProviderCall, context: CallContext) => generate({ ...call, ...alter(call) }, context),
});

/** A provider that speaks HTTP on its own. */
function postAlone(call: ProviderCall, { baseURL }: CallContext, signal?: AbortSignal): Promise<Response> {
  return fetch(`${baseURL}/${call.operation === 'edit' ? 'edits' : 'pictures'}`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key', 'content-type': 'application/json' },
    body: JSON.stringify(toWire(call)),
    ...(signal && { signal }),
  });
}

const mutants: readonly Mutant[] = [
  {
    wrong: 'has a function in its table',
    change: () => row({ wire: { url: () => 'x' } }),
    noticed: ['definition-is-json'],
  },
  {
    wrong: 'names a region for a key that does not exist',
    change: () => ({ keys: [{ env: 'LITTLE_API_KEY', region: 'moon' }] }),
    noticed: ['definition-is-sane'],
  },
  {
    wrong: 'takes the host of anybody for one of its region',
    change: () => ({ regions: { world: { ...right.regions.world, hosts: '.*example.com' } } }),
    noticed: ['definition-is-sane'],
  },
  ...['*.little.example', '.example'].map(
    (host): Mutant => ({
      wrong: `trusts ${host}`,
      change: () => ({ trustedHosts: [host] }),
      noticed: ['definition-is-sane'],
    }),
  ),
  {
    wrong: 'leads a variable to hosts of anybody',
    change: () => ({ baseURLs: [...(right.baseURLs ?? []), { env: 'LITTLE_NAME', form: 'https://*.com/v1' }] }),
    noticed: ['definition-is-sane'],
  },
  {
    wrong: 'has a catalogue that nobody can ask',
    change: () => ({ catalogue: true }),
    noticed: ['definition-is-sane'],
  },
  {
    wrong: 'has a catalogue that says of no model what it can do',
    isStudio: true,
    change: () => ({ catalogue: true }),
    noticed: ['discover-lists'],
  },
  {
    wrong: 'takes rows out of a catalogue that are none',
    isStudio: true,
    change: ({ discover }) => ({
      discover: async (context: CallContext) =>
        (await discover!(context)).map((model) => ({ ...model, row: { ...models['little-1'], operations: {} } })),
    }),
    noticed: ['discover-lists'],
  },
  {
    wrong: 'says of a row that a person gave it',
    change: () => row({ origin: 'own' }),
    noticed: ['table-rows-are-sane'],
  },
  {
    wrong: 'declares a type of pictures that the service refuses',
    change: () =>
      row({ operations: { generate: {}, edit: { images: { ...pictures, types: ['image/png', 'image/gif'] } } } }),
    noticed: ['accepts-pictures'],
  },
  {
    wrong: 'declares more pictures than the service takes',
    change: () => row({ operations: { generate: {}, edit: { images: { ...pictures, count: [1, 3] } } } }),
    noticed: ['accepts-pictures'],
  },
  {
    wrong: 'declares smaller pictures than the service takes',
    change: () => row({ operations: { generate: {}, edit: { images: { ...pictures, side: [8, 1024] } } } }),
    noticed: ['accepts-pictures'],
  },
  {
    wrong: 'says how its keys look in what is no regular expression',
    change: () => ({ keys: [{ env: 'LITTLE_API_KEY', shape: { own: '(' } }] }),
    noticed: ['definition-is-sane'],
  },
  {
    wrong: 'reads its key from the environment when it is made',
    change: () => ({ label: `Little${process.env.LITTLE_API_KEY ?? ''}` }),
    noticed: ['making-one-is-idle'],
  },
  {
    wrong: 'does not know the base URL variable of its emulator',
    change: () => ({ baseURLs: [] }),
    noticed: ['emulator-is-reachable'],
  },
  {
    wrong: 'has a successor that does not exist',
    change: () => row({ successor: 'little-2' }),
    noticed: ['table-rows-are-sane'],
  },
  {
    wrong: 'was checked in the future',
    change: () => row({ checked: '2999-01-01' }),
    noticed: ['table-rows-are-sane'],
  },
  {
    wrong: 'has a default that is no value',
    change: () => row({ quality: { values: ['low', 'high'], default: 'medium' } }),
    noticed: ['table-values-agree'],
  },
  {
    wrong: 'has a price for further megapixels of a price per picture',
    change: () => row({ prices: [{ amount: 0.01, further: 0.005, currency: 'USD', per: 'image' }] }),
    noticed: ['table-values-agree'],
  },
  {
    wrong: 'declares a size that the service refuses',
    change: () => row({ size: { presets: ['64x64', '72x64'], default: '64x64' } }),
    noticed: ['accepts-sizes', 'arrives-size'],
  },
  {
    wrong: 'declares a quality that the service refuses',
    change: () => row({ quality: { values: ['low', 'high', 'ultra'] } }),
    noticed: ['arrives-quality'],
  },
  {
    wrong: 'declares an option that the service refuses',
    change: () => row({ options: { steps: { type: 'integer', min: 1, max: 60 } } }),
    noticed: ['arrives-options'],
  },
  {
    wrong: 'declares an operation that the service lacks',
    change: () => row({ operations: { generate: {}, stylize: { images: pictures } } }),
    noticed: ['accepts-operations', 'accepts-sizes', 'accepts-pictures', 'arrives-prompt'],
  },
  {
    wrong: 'declares a quality that the service refuses, unseen',
    change: () => row({ quality: { values: ['low', 'high', 'ultra'] } }),
    noticed: ['accepts-choices', 'nothing-gets-lost'],
    mute: true,
  },
  {
    wrong: 'declares an option that the service refuses, unseen',
    change: () => row({ options: { steps: { type: 'integer', min: 1, max: 60 } } }),
    noticed: ['accepts-options', 'nothing-gets-lost'],
    mute: true,
  },
  {
    wrong: 'forgets the quality, unseen',
    change: () => altered(() => ({ quality: undefined })),
    noticed: ['nothing-gets-lost'],
    mute: true,
  },
  {
    wrong: 'changes the prompt, unseen',
    change: () => altered(({ prompt }) => ({ prompt: prompt.slice(0, 9) })),
    noticed: ['arrives-prompt'],
    mute: true,
  },
  {
    wrong: 'drops the second of two pictures, unseen',
    change: () => altered(({ images }) => ({ images: images.slice(0, 1) })),
    noticed: ['arrives-pictures'],
    mute: true,
  },
  {
    wrong: 'forgets the quality',
    change: () => altered(({ quality: _, ...call }) => ({ ...call, quality: undefined })),
    noticed: ['arrives-quality'],
  },
  {
    wrong: 'forgets the size',
    change: () => altered(() => ({ size: undefined })),
    noticed: ['accepts-sizes', 'arrives-size'],
  },
  {
    wrong: 'gives every call the same seed',
    change: () => altered(({ seed }) => (seed === undefined ? {} : { seed: 1 })),
    noticed: ['arrives-seed', 'seeds-differ'],
  },
  {
    wrong: 'returns fewer pictures than asked for',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) => {
        const result = await generate(call, context);
        return { ...result, outputs: result.outputs.slice(0, 1) };
      },
    }),
    noticed: ['n-pictures', 'seeds-differ', 'stays-within-rate'],
  },
  {
    wrong: 'makes every picture twice',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) => {
        await generate(call, context);
        return generate(call, context);
      },
    }),
    noticed: ['n-pictures', 'rate-limit-waits', 'nonsense-is-no-picture'],
  },
  {
    wrong: 'makes calls of its own, past the limiter',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) => {
        const single = { ...call, n: 1 };
        const made = await Promise.all(Array.from({ length: call.n }, () => generate(single, context)));
        return { outputs: made.flatMap(({ outputs }) => outputs) };
      },
    }),
    noticed: ['n-pictures', 'seeds-differ', 'stays-within-rate'],
  },
  {
    wrong: 'repeats by itself what failed',
    change: () => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate(call, context).catch(() => generate(call, context)),
    }),
    noticed: [
      'documented-errors',
      'rate-limit-waits',
      'no-double-spend',
      'malformed-answer',
      'empty-answer',
      'moderation-is-told',
      'abort-while-waiting',
      'timeout-ends-it',
    ],
  },
  {
    wrong: 'says of no failure that it may have been billed',
    change: () => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate(call, context).catch((error: ImageError) => {
          throw error.with({ mayHaveBeenBilled: false });
        }),
    }),
    noticed: ['no-double-spend', 'empty-answer', 'abort-while-waiting', 'timeout-ends-it'],
  },
  {
    // Core takes what is no ImageError as possibly billed, so money is safe all the same.
    wrong: 'throws errors of any kind',
    change: () => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate(call, context).catch((error: ImageError) => {
          throw new Error(error.message);
        }),
    }),
    noticed: [
      'documented-errors',
      'bare-statuses',
      'rate-limit-waits',
      'moderation-is-told',
      'abort-while-waiting',
      'timeout-ends-it',
    ],
  },
  {
    wrong: 'does not read Retry-After',
    change: () => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate(call, context).catch((error: ImageError) => {
          throw error.code === 'rate-limit'
            ? new ImageError('rate-limit', error.message, { retryable: true, status: 429, hint: 'Wait.' })
            : error;
        }),
    }),
    noticed: ['rate-limit-waits'],
  },
  {
    wrong: 'calls an answer that is not JSON a server error',
    change: () => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate(call, context).catch((error: ImageError) => {
          throw error.code === 'bad-response'
            ? new ImageError('server', error.message, { mayHaveBeenBilled: true })
            : error;
        }),
    }),
    noticed: ['malformed-answer'],
  },
  {
    wrong: 'tells moderation as a server error',
    change: () => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate(call, context).catch((error: ImageError) => {
          throw error.code === 'content-blocked'
            ? new ImageError('server', error.message, { status: 422, hint: 'Retry.' })
            : error;
        }),
    }),
    noticed: ['documented-errors', 'moderation-is-told'],
  },
  {
    wrong: 'speaks HTTP on its own and ignores the signal',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) =>
        resultOf((await (await postAlone(call, context)).json()) as LittleAnswer),
    }),
    noticed: [
      'http-is-cores',
      'documented-errors',
      'bare-statuses',
      'rate-limit-waits',
      'moderation-is-told',
      'abort-while-waiting',
    ],
    patienceMs: 2500,
  },
  {
    wrong: 'sends the key to where the pictures are',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) => {
        const result = await generate(call, context);
        for (const output of result.outputs) {
          if (!('url' in output) || !output.url.startsWith(new URL(context.baseURL).origin)) continue;
          await fetch(output.url, { redirect: 'manual', headers: { authorization: 'Bearer test-key' } })
            .then((answer) => answer.body?.cancel())
            .catch(() => {});
        }
        return result;
      },
    }),
    noticed: ['http-is-cores', 'key-stays-home'],
  },
  {
    wrong: 'puts the key on the ticket of a job',
    change: () => ({
      jobs: {
        submit: async (call: ProviderCall, context: CallContext) => ({
          id: await jobs.submit(call, context),
          key: 'test-key',
        }),
        check: (ticket: { id: string }, context: CallContext) => jobs.check(ticket.id, context),
      },
    }),
    noticed: ['key-is-never-shown'],
  },
  {
    wrong: 'takes a failed question for a failed job',
    change: () => ({
      jobs: {
        ...jobs,
        check: (ticket: string, context: CallContext) =>
          jobs.check(ticket, context).catch((error: ImageError) => ({ state: 'failed', error })),
      },
    }),
    noticed: ['job-questions-may-fail', 'job-outlives-gateways', 'job-forgotten-is-told', 'job-resumes'],
  },
  {
    wrong: 'keeps its job in memory instead of on the ticket',
    change: () => {
      let kept: unknown;
      return {
        jobs: {
          submit: async (call: ProviderCall, context: CallContext) => {
            kept = await jobs.submit(call, context);
            return {};
          },
          check: (_: unknown, context: CallContext) => jobs.check(kept as string, context),
        },
      };
    },
    noticed: ['seeds-differ', 'job-outlives-gateways', 'job-forgotten-is-told', 'job-resumes'],
  },
  {
    wrong: 'submits again whenever it asks',
    change: () => ({
      jobs: {
        submit: async (call: ProviderCall, context: CallContext) => ({
          id: await jobs.submit(call, context),
          wire: toWire(call),
        }),
        async check(ticket: { id: string; wire: object }, context: CallContext) {
          await ask(context, { to: 'jobs', json: ticket.wire });
          return jobs.check(ticket.id, context);
        },
      },
    }),
    noticed: [
      'n-pictures',
      'rate-limit-waits',
      'nonsense-is-no-picture',
      'job-runs',
      'job-failure-is-told',
      'job-questions-may-fail',
      'job-outlives-gateways',
      'job-forgotten-is-told',
      'job-resumes',
    ],
  },
  {
    wrong: 'throws when a job has failed',
    change: () => ({
      jobs: {
        ...jobs,
        async check(ticket: string, context: CallContext) {
          const state = await jobs.check(ticket, context);
          if ('error' in state) throw state.error;
          return state;
        },
      },
    }),
    noticed: ['job-failure-is-told'],
  },
  {
    wrong: 'has no jobs, though a model of old needs them',
    change: () => ({
      models: { ...models, 'little-jobs': { ...models['little-jobs'], deprecated: '2026-01-01' } },
      jobs: undefined,
    }),
    noticed: ['functions-fit-table'],
  },
  {
    wrong: 'fetches the pictures itself',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) => {
        const { outputs, ...result } = await generate(call, context);
        const fetched = outputs.map(async (output) => {
          if (!('url' in output) || new URL(output.url).hostname !== '127.0.0.1') return output;
          let answer = await fetch(output.url, { signal: context.signal, redirect: 'manual' });
          const to = answer.headers.get('location');
          if (to?.startsWith('http://127.0.0.1')) answer = await fetch(to, { signal: context.signal });
          return { bytes: await answer.bytes() };
        });
        return { ...result, outputs: await Promise.all(fetched) };
      },
    }),
    // Not when it is broken off: core finds the URL in the answer, and keeps it.
    noticed: ['http-is-cores', 'too-large-is-refused', 'private-addresses-are-refused', 'expired-url-keeps-ticket'],
    patienceMs: 2500,
  },
  {
    wrong: 'reads only the first chunk of an answer',
    change: () => ({
      generate: async (call: ProviderCall, context: CallContext) => {
        const { body } = await postAlone(call, context, context.signal);
        const { value } = await body!.getReader().read();
        return resultOf(JSON.parse(Buffer.from(value!).toString()) as LittleAnswer);
      },
    }),
    noticed: [
      'http-is-cores',
      'documented-errors',
      'bare-statuses',
      'rate-limit-waits',
      'moderation-is-told',
      'slow-answer',
      'abort-while-waiting',
      'timeout-ends-it',
    ],
    patienceMs: 2500,
  },
  {
    wrong: 'calls every input picture a PNG',
    isStudio: true,
    change: ({ generate }) => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate!({ ...call, images: call.images.map((one) => ({ ...one, mediaType: 'image/png' })) }, context),
    }),
    noticed: ['pictures-are-what-they-say'],
  },
  {
    wrong: 'cannot send the greatest strength',
    isStudio: true,
    change: ({ generate }) => ({
      generate: (call: ProviderCall, context: CallContext) =>
        generate!(call.strength === 1 ? { ...call, strength: 1.1 } : call, context),
    }),
    noticed: ['accepts-operations'],
  },
  {
    wrong: 'drops a picture that was refused among others',
    isStudio: true,
    change: ({ generate }) => ({
      async generate(call: ProviderCall, context: CallContext) {
        const result = await generate!(call, context);
        return { ...result, outputs: result.outputs.filter((output) => !('error' in output)) };
      },
    }),
    noticed: ['refused-among-others'],
  },
  {
    wrong: 'drops all pictures where one was refused',
    isStudio: true,
    change: ({ generate }) => ({
      async generate(call: ProviderCall, context: CallContext) {
        const result = await generate!(call, context);
        const refused = result.outputs.filter((output) => 'error' in output);
        return refused.length > 0 ? { ...result, outputs: refused } : result;
      },
    }),
    noticed: ['refused-among-others'],
  },
];

const { routes } = emulator.definition;
const mute = defineEmulator({ ...emulator.definition, routes: routes.map(({ understood: _, ...route }) => route) });

/** Of the cases that should notice, those that do not, and what they say. */
async function unnoticed(mutant: Mutant): Promise<readonly string[]> {
  const { change, noticed, mute: isMute, isStudio, patienceMs = 10_000 } = mutant;
  const provider = ((access) => {
    const made: ImageProvider = isStudio ? studio(access) : little(access);
    return { ...made, ...change(made) };
  }) as Subject['provider'];
  const service = isMute ? mute : isStudio ? studioEmulator : emulator;
  const subject: Subject = { provider, emulator: service, codec: testCodec(), patienceMs };
  const silent: string[] = [];
  for (const { id, applies, run } of cases) {
    if (!noticed.includes(id)) continue;
    const reason = applies(subject);
    const isNoticed =
      reason === true &&
      (await run(subject).then(
        () => false,
        () => true,
      ));
    if (!isNoticed) silent.push(`${id} ${reason}`);
  }
  return silent;
}

conformance({ provider: little, emulator: mute });

describe('a provider that', () => {
  it.each(mutants.map((mutant) => [mutant.wrong, mutant] as const))(
    '%s is noticed by the cases that should',
    async (_, mutant) => {
      expect(await unnoticed(mutant)).toEqual([]);
    },
    60_000,
  );
});

describe('the cases', () => {
  it('have ids that are unique and readable', () => {
    const ids = cases.map(({ id }: Case) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });

  it('are each proved by a provider that fails it, but for four', () => {
    const noticed = new Set([...mutants.flatMap((mutant) => mutant.noticed), ...breaks.map(({ caught }) => caught)]);
    const unproved = cases.map(({ id }) => id).filter((id) => !noticed.has(id));
    // Core sees to these before or after a provider is asked: no provider can break them.
    expect(unproved).toEqual([
      'refuses-undeclared',
      'another-size-is-told',
      'abort-before-send',
      'abort-while-fetching',
    ]);
  });

  it('say in a skipped title what an emulator that tells nothing leaves unseen', () => {
    const quality = cases.find(({ id }) => id === 'arrives-quality')!;
    const unseen =
      'the emulator does not say what it understood as quality, so that nobody sees if it is dropped, or taken for another';
    expect(quality.applies({ provider: little, emulator: mute })).toBe(unseen);
    expect(quality.applies({ provider: little, emulator })).toBe(true);
  });

  it('say why they do not apply to a provider without a service', () => {
    const reasons = cases.map(({ applies }) => applies({ provider: little })).filter((reason) => reason !== true);
    expect(new Set(reasons)).toEqual(new Set(['no emulator']));
    expect(reasons.length).toBeGreaterThan(15);
  });
});
