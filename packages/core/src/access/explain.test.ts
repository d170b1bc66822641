// Whose failure it is: the provider's, the set-up's, the service's.

import { describe, expect, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import type { LazyProvider } from '../contract/client.ts';
import type { CallContext, ProviderFunctions } from '../contract/provider.ts';
import { memoryTicketStore } from '../contract/tickets.ts';
import { createClient } from '../create-client.ts';
import { explainFailure } from '../http/failure.ts';
import { defineProvider } from './define-provider.ts';
import { asImageError } from './explain.ts';

/** What bundlers and Node say where a program was put together wrongly. */
const faults: readonly (readonly [string, Error])[] = [
  ['esbuild', new Error('Dynamic require of "node:assert" is not supported')],
  ['Rollup', new Error('Could not dynamically require "./binding.node". Please configure the dynamicRequireTargets')],
  [
    'Rolldown',
    new Error('Calling `require` for "node:net" in an environment that doesn\'t expose the `require` function.'),
  ],
  ['CommonJS as a module', new ReferenceError('require is not defined in ES module scope, you can use import instead')],
  ['a path that is gone', new ReferenceError('__dirname is not defined')],
  [
    'import.meta that is gone',
    new TypeError(
      "The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received undefined",
    ),
  ],
  [
    'a package that is missing',
    coded("Cannot find package 'undici' imported from /app/main.js", 'ERR_MODULE_NOT_FOUND'),
  ],
  ['a module that is missing', coded("Cannot find module 'sharp'\nRequire stack:\n- /app/main.js", 'MODULE_NOT_FOUND')],
  ['a part of Node that is missing', coded('No such built-in module: node:sqlite', 'ERR_UNKNOWN_BUILTIN_MODULE')],
];

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

function paint(functions: Partial<ProviderFunctions>, baseURL = 'http://127.0.0.1:9') {
  return defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        ...(functions.jobs && { modes: ['job'] }),
        delivery: { as: 'bytes' },
        prices: [{ amount: 1, currency: 'USD', per: 'image' }],
      },
    },
    regions: { only: { baseURL } },
    keys: [],
    sign: () => ({}),
    ...functions,
  });
}

describe.each(faults)('a program that was put together wrongly: %s', (_, fault) => {
  const told = { code: 'config', mayHaveBeenBilled: false, retryable: false, cause: fault };

  test('is told as that, wherever it shows', () => {
    const [line] = fault.message.split('\n');
    for (const error of [asImageError(fault), explainFailure(fault, { host: 'x', sent: false, spends: true })]) {
      expect(error).toMatchObject(told);
      expect(error.message).toContain(line);
      expect(error.message).not.toMatch(/provider failed|could not be reached|\n/);
    }
    expect(asImageError(fault).hint).toMatch(/external/);
    expect(asImageError(fault).hint).not.toMatch(/report/);
  });

  test('when a provider is loaded, on every way to it', async () => {
    const lazy: LazyProvider = { definition: paint({})(), load: () => Promise.reject(fault) };
    const client = createClient({ providers: [lazy], env: {} });
    expect(await client.run({ prompt: 'x' })).toMatchObject({ sent: false, error: told });
    await expect(client.plan({ prompt: 'x' })).rejects.toMatchObject(told);
    await expect(client.discover('paint')).rejects.toMatchObject(told);
  });

  test('when a provider begins its work: nothing was billed, and no ticket is left', async () => {
    const submit = () => Promise.reject(fault);
    for (const functions of [{ generate: submit }, { jobs: { submit, check: submit } }]) {
      const tickets = memoryTicketStore();
      const client = createClient({ providers: [paint(functions)()], env: {}, tickets });
      const { error, pending } = await client.run({ prompt: 'x' });
      expect(error).toMatchObject(told);
      expect([pending, await tickets.list()]).toEqual([[], []]);
    }
  });

  test('when a provider has its answer already: it may have been billed, and the ticket stays', async () => {
    const { origin } = await serve((request, response) => {
      request.resume().on('end', () => response.end('{"id":"7"}'));
    });
    const late = async (_: unknown, { http }: CallContext) => {
      await (await http.send({ to: 'x', json: {}, spends: true })).json();
      throw fault;
    };
    for (const functions of [{ generate: late }, { jobs: { submit: late, check: late } }]) {
      const tickets = memoryTicketStore();
      const client = createClient({ providers: [paint(functions, origin)()], env: {}, tickets });
      const { error } = await client.run({ prompt: 'x' });
      expect(error).toMatchObject({ code: 'config', mayHaveBeenBilled: true });
      expect(await tickets.list()).toHaveLength(1);
      await client.close();
    }
  });
});

test('whatever else a provider throws is its defect', () => {
  const errors = [new TypeError('x is undefined'), new Error('the module is not defined here'), 'no', null];
  for (const error of errors)
    expect(asImageError(error)).toMatchObject({ code: 'bad-response', hint: expect.stringContaining('defect') });
});
