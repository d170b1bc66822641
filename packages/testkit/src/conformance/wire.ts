// Nothing that is asked may get lost on the way: what differs in two requests differs on the wire.

import assert from 'node:assert/strict';
import type { ClientRequest } from '@anyimage/core';
import type { EmulatorFactory } from '../emulator/emulator.ts';
import { type Case, withEmulator } from './rig/case.ts';
import { spending, withRig } from './rig/rig.ts';
import { choices, knownOptions, tells, type Word } from './rig/sent.ts';
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
    title: 'where the emulator does not say what it understood, two values of a word give two different requests',
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
          for (const [one, other] of pairsOf(target, subject.emulator!)) {
            const shown = `${target.model} ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
            assert.notEqual(await send(one), await send(other), `${shown} are the same request`);
          }
        });
      }
    },
  },
];

/** For each word with more than one value that the emulator says nothing of, two requests that differ in it alone. */
function pairsOf({ limits, operation }: Target, emulator: EmulatorFactory): [ClientRequest, ClientRequest][] {
  const { size, seed, user, negativePrompt, strength, factor = [], expand, outputCompression, options = {} } = limits;
  const isUnseen = (word: Word) => !tells(emulator, word);
  const [format] = outputCompression ?? [];
  const id = (letter: string) => letter.repeat(user?.[0] ?? 1);
  const values: [Word & keyof ClientRequest, readonly unknown[]][] = [
    ['size', size ? sizesOf(size) : []],
    ['aspectRatio', size ? (size.ratios ?? []) : []],
    ['resolution', size ? (size.tiers ?? []) : []],
    ['seed', seed ? [1, 2] : []],
    ['negativePrompt', negativePrompt ? ['fog', 'rain'] : []],
    ['strength', strength ? [0.2, 0.8] : []],
    ['factor', factor],
    ['expand', expand && operation === 'outpaint' ? [{ right: expand.max }, { left: expand.max }] : []],
    ['user', user ? [id('a'), id('b')] : []],
    ...choices.map((word): [typeof word, readonly unknown[]] => {
      const choice = limits[word];
      return [word, choice ? choice.values : []];
    }),
  ];
  const known = knownOptions(emulator);
  const compressed = (percent: number) => ({ outputFormat: format!, outputCompression: percent });
  return [
    ...values
      .filter(([word]) => isUnseen(word))
      .flatMap(([word, list]): [ClientRequest, ClientRequest][] =>
        list.length > 1 ? [[{ [word]: list[0] }, { [word]: list.at(-1) }]] : [],
      ),
    ...(format && isUnseen('outputCompression')
      ? [[compressed(20), compressed(90)] as [ClientRequest, ClientRequest]]
      : []),
    ...Object.entries(options).flatMap(([name, option]): [ClientRequest, ClientRequest][] => {
      const [first, ...rest] = known.has(name) ? [] : legalValues(option);
      const last = rest.at(-1);
      if (first === undefined || last === undefined) return [];
      return [[{ providerOptions: { [name]: first } }, { providerOptions: { [name]: last } }]];
    }),
  ];
}
