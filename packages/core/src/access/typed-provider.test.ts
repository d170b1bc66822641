// What an author's functions know without an annotation: their tickets by what they return, their pictures by the table.

import { expect, expectTypeOf, test } from 'vitest';
import type { Json, ModelTable } from '../contract/capabilities.ts';
import type {
  CallContext,
  ImageProvider,
  InputBytes,
  InputImage,
  InputURL,
  JobApi,
  JobState,
  ProviderCall,
  ProviderFunctions,
} from '../contract/provider.ts';
import { defineProvider, type InputsOf } from './define-provider.ts';

const facts = {
  label: 'A model',
  source: 'https://example.invalid',
  checked: '2026-11-20',
  delivery: { as: 'bytes' },
} as const;
const pictures = { count: [1, 1], types: ['image/png'], as: ['bytes'] } as const;
const bytesOnly = {
  edits: { ...facts, operations: { generate: {}, edit: { images: pictures } }, mask: { repaint: 'white' } },
  shared: { ...facts, images: pictures, operations: { edit: {} } },
  plain: { ...facts, images: false, operations: { generate: {} } },
} as const satisfies ModelTable;
const mixed = {
  ...bytesOnly,
  links: { ...facts, operations: { edit: { images: { ...pictures, as: ['url', 'bytes'] } } } },
} as const satisfies ModelTable;
const links = {
  links: { ...facts, images: { ...pictures, as: ['url'] }, operations: { edit: {} } },
} as const satisfies ModelTable;
const plain = { plain: { ...facts, operations: { generate: {} } } } as const satisfies ModelTable;

const rest = { label: 'A', regions: {}, keys: [], sign: () => ({}) };
const done = async () => ({ outputs: [] });

test('a ticket is what submit returns', () => {
  const provider = defineProvider({
    ...rest,
    id: 'a',
    models: plain,
    jobs: {
      async submit(call, context) {
        expectTypeOf(call).toEqualTypeOf<ProviderCall>();
        expectTypeOf(context).toEqualTypeOf<CallContext>();
        return { id: call.prompt, ...(call.seed !== undefined && { seed: call.seed }) };
      },
      cost: (ticket) => {
        expectTypeOf(ticket).toEqualTypeOf<{ id: string; seed?: number }>();
        return undefined;
      },
      async check(ticket) {
        expectTypeOf(ticket).toEqualTypeOf<{ id: string; seed?: number }>();
        return { state: 'running', ticket: { ...ticket, seed: 1 } };
      },
      async cancel({ id }) {
        expectTypeOf(id).toEqualTypeOf<string>();
        return 'too late';
      },
    },
  })();
  expectTypeOf(provider.id).toEqualTypeOf<'a'>();
  expectTypeOf(provider).toExtend<ImageProvider>();
  expect(provider.jobs).toBeDefined();
});

test('a ticket is what plan returns, or the type that submit names, or plain text', () => {
  type Task = { readonly id: string; readonly url?: string };
  defineProvider({
    ...rest,
    id: 'a',
    models: plain,
    jobs: {
      plan: (call) => ({ id: call.intent }),
      async submit(_call, _context, planned) {
        expectTypeOf(planned).toEqualTypeOf<{ id: string } | undefined>();
        return { id: planned?.id ?? '' };
      },
      async check(ticket) {
        expectTypeOf(ticket).toEqualTypeOf<{ id: string }>();
        return { state: 'queued' };
      },
    },
  });
  defineProvider({
    ...rest,
    id: 'b',
    models: plain,
    jobs: {
      submit: async (): Promise<Task> => ({ id: '1' }),
      async check(ticket) {
        expectTypeOf(ticket).toEqualTypeOf<Task>();
        return stateOf(ticket.url);
      },
    },
  });
  defineProvider({
    ...rest,
    id: 'c',
    models: plain,
    jobs: {
      submit: async ({ prompt }) => prompt,
      check: async (ticket) => stateOf(ticket.toUpperCase()),
    },
  });
});

/** A state that changes nothing of the ticket, whatever the ticket is. */
function stateOf(url: string | undefined): JobState {
  return url === undefined ? { state: 'queued' } : { state: 'running', fraction: 0.5 };
}

test('what does not fit is a compile error where it is written', () => {
  defineProvider({
    ...rest,
    id: 'a',
    models: plain,
    jobs: {
      submit: async () => ({ id: '1' }),
      // @ts-expect-error the ticket has no such entry
      check: async (ticket) => stateOf(ticket.url),
    },
  });
  defineProvider({
    ...rest,
    id: 'a',
    models: plain,
    jobs: {
      submit: async () => ({ id: '1' }),
      // @ts-expect-error the new ticket is none
      check: async () => ({ state: 'running', ticket: { url: 'x' } }),
    },
  });
  defineProvider({
    ...rest,
    id: 'a',
    models: plain,
    // @ts-expect-error a ticket is JSON
    jobs: { submit: async () => ({ at: new Date() }), check: async () => ({ state: 'queued' }) },
  });
  // @ts-expect-error a slip in the name of a function
  defineProvider({ ...rest, id: 'a', models: plain, generates: done });
});

test('functions that were made before fit as they are', () => {
  const jobs: JobApi = { submit: async () => 'x', check: async () => ({ state: 'queued', ticket: 'y' }) };
  const functions: Partial<ProviderFunctions> = { jobs, generate: done };
  const provider = defineProvider({ ...rest, id: 'a', models: plain, ...functions })();
  expectTypeOf(provider.jobs).toEqualTypeOf<JobApi | undefined>();
  const loose: ModelTable = plain;
  defineProvider({
    ...rest,
    id: 'a',
    models: loose,
    async generate(call) {
      expectTypeOf(call).toEqualTypeOf<ProviderCall>();
      return { outputs: [] };
    },
  });
  expect(provider.generate).toBe(done);
});

test('where every row takes bytes alone, pictures are bytes', () => {
  defineProvider({
    ...rest,
    id: 'a',
    models: bytesOnly,
    check(call) {
      expectTypeOf(call.images).toEqualTypeOf<readonly InputBytes[]>();
    },
    async generate(call) {
      expectTypeOf(call).toEqualTypeOf<ProviderCall<InputBytes>>();
      expectTypeOf(call.mask).toEqualTypeOf<InputBytes | undefined>();
      return { outputs: call.images.map(({ bytes }) => ({ bytes })) };
    },
    jobs: {
      async submit(call) {
        expectTypeOf(call.images).toEqualTypeOf<readonly InputBytes[]>();
        return 'x';
      },
      check: async () => ({ state: 'queued' }),
    },
  });
});

test('pictures have all the forms that some row takes', () => {
  expectTypeOf<InputsOf<(typeof bytesOnly)['edits']>>().toEqualTypeOf<InputBytes>();
  expectTypeOf<InputsOf<(typeof links)['links']>>().toEqualTypeOf<InputURL>();
  expectTypeOf<InputsOf<(typeof mixed)[keyof typeof mixed]>>().toEqualTypeOf<InputImage>();
  expectTypeOf<InputsOf<(typeof plain)['plain']>>().toEqualTypeOf<InputImage>();
  expectTypeOf<InputsOf<ModelTable[string]>>().toEqualTypeOf<InputImage>();
  defineProvider({
    ...rest,
    id: 'a',
    models: bytesOnly,
    unlisted: { ...facts, open: true, operations: { generate: {} } },
    // A row that is open lets through what it does not declare.
    async generate(call) {
      expectTypeOf(call).toEqualTypeOf<ProviderCall>();
      return { outputs: [] };
    },
  });
  defineProvider({
    ...rest,
    id: 'a',
    models: plain,
    unlisted: { ...facts, images: pictures, operations: { edit: {} } },
    async generate(call) {
      expectTypeOf(call).toEqualTypeOf<ProviderCall<InputBytes>>();
      return { outputs: [] };
    },
  });
});

test('a function of its own takes the calls of its table by their name', () => {
  type Call = ProviderCall<InputsOf<(typeof bytesOnly)[keyof typeof bytesOnly]>>;
  const firstOf = ({ images }: Call): Uint8Array | undefined => images[0]?.bytes;
  const anyOf = ({ images }: ProviderCall): number => images.length;
  defineProvider({
    ...rest,
    id: 'a',
    models: bytesOnly,
    generate: async (call) => ({ outputs: [{ bytes: firstOf(call) ?? new Uint8Array(anyOf(call)) }] }),
  });
  expectTypeOf<JobState<Json>>().not.toExtend<JobState>();
});
