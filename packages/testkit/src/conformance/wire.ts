// Nothing that is asked may get lost on the way: what differs in two requests differs on the wire.

import assert from 'node:assert/strict';
import type { ClientRequest } from '@anyimage/core';
import { type Case, withEmulator } from './rig/case.ts';
import { spending, withRig } from './rig/rig.ts';
import { type Target, targetsOf } from './rig/targets.ts';
import { legalValues, sizesOf } from './values.ts';

export const wireCases: readonly Case[] = [
  {
    id: 'http-is-cores',
    title: 'every request goes through the HTTP client it is given',
    applies: withEmulator,
    async run(subject) {
      for (const target of targetsOf(subject)) {
        await withRig(subject, target, {}, async ({ run, emulator }) => {
          await run();
          for (const { method, path, headers } of emulator.requests) {
            assert.match(headers['user-agent'] ?? '', /^anyimage\//, `${method} ${path} came from elsewhere`);
          }
        });
      }
    },
  },
  {
    id: 'nothing-gets-lost',
    title: 'two different values of a word give two different requests to the service',
    applies: withEmulator,
    async run(subject) {
      for (const target of targetsOf(subject)) {
        await withRig(subject, target, {}, async ({ run, emulator }) => {
          const send = async (words: ClientRequest) => {
            emulator.reset();
            const { error } = await run(words);
            assert.ok(!error, `${target.model} ${JSON.stringify(words)} failed: ${error?.message}`);
            return JSON.stringify(emulator.requests.filter(spending).map(({ body }) => body));
          };
          for (const [one, other] of pairsOf(target)) {
            const shown = `${target.model} ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
            assert.notEqual(await send(one), await send(other), `${shown} are the same request`);
          }
        });
      }
    },
  },
];

/** For each word with more than one value, two requests that differ in it alone. */
function pairsOf({ limits }: Target): [ClientRequest, ClientRequest][] {
  const { size, seed, user, negativePrompt, strength, factor = [], options = {} } = limits;
  const id = (letter: string) => ({ user: letter.repeat(user?.[0] ?? 1) });
  const values: [string, readonly unknown[]][] = [
    ['prompt', ['a red paper boat', 'a blue paper hat']],
    ['size', size ? sizesOf(size) : []],
    ['seed', seed ? [1, 2] : []],
    ['negativePrompt', negativePrompt ? ['fog', 'rain'] : []],
    ['strength', strength ? [0.2, 0.8] : []],
    ['factor', factor],
    ...(['quality', 'style', 'background', 'outputFormat'] as const).map((word): [string, readonly unknown[]] => {
      const choice = limits[word];
      return [word, choice ? choice.values : []];
    }),
  ];
  return [
    ...values.flatMap(([word, list]): [ClientRequest, ClientRequest][] =>
      list.length > 1 ? [[{ [word]: list[0] }, { [word]: list.at(-1) }]] : [],
    ),
    ...(user ? [[id('a'), id('b')] as [ClientRequest, ClientRequest]] : []),
    ...Object.entries(options).flatMap(([name, option]): [ClientRequest, ClientRequest][] => {
      const [first, ...rest] = legalValues(option);
      const last = rest.at(-1);
      if (first === undefined || last === undefined) return [];
      return [[{ providerOptions: { [name]: first } }, { providerOptions: { [name]: last } }]];
    }),
  ];
}
