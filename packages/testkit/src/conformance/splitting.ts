// Several pictures from one request: as many as asked, each its own, and no more at a time than the account allows.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { ClientRequest, Limits } from '@anyimage/core';
import { always, type Case, eachMode, withEmulator, withModel } from './rig/case.ts';
import { withLocalRig, withRig } from './rig/rig.ts';
import { targetsOf } from './rig/targets.ts';
import { sizesOf } from './values.ts';

const three = 3;

export const splittingCases: readonly Case[] = [
  {
    id: 'n-pictures',
    title: 'three pictures asked for are three pictures made, in as few calls as the table says',
    applies: always,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withLocalRig(subject, target, {}, async ({ run, emulator }) => {
          const { images, errors } = await run({ n: three });
          assert.deepEqual([images.length, errors.length], [three, 0], `pictures and errors of ${target.model}`);
          const calls = Math.ceil(three / (target.limits.perCall ?? 1));
          if (emulator) assert.equal(emulator.submissions, calls, `calls of ${target.model}`);
        });
      }
    },
  },
  {
    id: 'per-call-fits',
    title: 'the service takes as many pictures in one call as the table says',
    applies: withModel('that makes several pictures in one call', ({ limits }) => largestCalls(limits).length > 0),
    async run(subject) {
      const tried = new Set<string>();
      const targets = targetsOf(subject);
      await withRig(subject, targets[0]!, {}, async (rig) => {
        for (const target of targets) {
          for (const words of largestCalls(target.limits)) {
            const shown = `${target.model} ${JSON.stringify(words)}`;
            if (tried.has(shown)) continue;
            tried.add(shown);
            rig.forget();
            const { images, errors } = await rig.run(words, target);
            const [error] = errors;
            const said = error ? `: ${error.code} ${error.message}` : '';
            assert.equal(
              images.length,
              words.n,
              `${shown}: the service made ${images.length} of ${words.n} pictures${said}`,
            );
          }
        }
      });
    },
  },
  {
    id: 'seeds-differ',
    title: 'with a seed, each picture differs, and asking again gives the same pictures',
    applies: (subject) => (targetsOf(subject).some(({ limits }) => limits.seed) ? true : 'no model takes a seed'),
    async run(subject) {
      for (const target of eachMode(subject, ({ limits }) => Boolean(limits.seed))) {
        await withLocalRig(subject, target, {}, async ({ run }) => {
          const draw = async () => {
            const { images } = await run({ n: three, seed: 5 });
            assert.deepEqual(
              images.map(({ seed }) => seed),
              [5, 6, 7],
              `seeds of ${target.model}`,
            );
            return Promise.all(images.map(async (image) => Buffer.from(await image.bytes()).toString('base64')));
          };
          const first = await draw();
          assert.equal(new Set(first).size, three, `${target.model} drew the same picture for two seeds`);
          assert.deepEqual(await draw(), first, `${target.model} drew other pictures for the same seeds`);
        });
      }
    },
  },
  {
    id: 'stays-within-rate',
    title: 'no more requests that cost money are under way than the account allows',
    applies: withEmulator,
    async run(subject) {
      const allowed = subject.provider().rate?.concurrent ?? 2;
      for (const target of eachMode(subject)) {
        // Each answer takes long enough for others to come in, in turns of the event loop and not in time.
        const clock = {
          now: () => Date.now(),
          async sleep() {
            for (let turn = 0; turn < 50; turn++) await setImmediate();
          },
        };
        await withRig(subject, target, { service: { latencyMs: 1, clock } }, async ({ run, emulator }) => {
          const n = (allowed + 2) * (target.limits.perCall ?? 1);
          const { images } = await run({ n });
          assert.equal(images.length, n);
          assert.ok(emulator.busiest <= allowed, `${emulator.busiest} requests at a time; ${allowed} are allowed`);
        });
      }
    },
  },
];

/** One call with as many pictures as it may have, in the smallest size; also of each option that allows more. */
function largestCalls({
  perCall = 1,
  size,
  options = {},
}: Limits): readonly (ClientRequest & { readonly n: number })[] {
  const area = (one: string) => one.split('x').reduce((product, side) => product * Number(side), 1);
  const [small] = size ? [...sizesOf(size)].sort((a, b) => area(a) - area(b)) : [];
  const inSmall = small ? { size: small } : {};
  const series = Object.entries(options).flatMap(([name, option]) =>
    option.type === 'boolean' && option.series ? [{ n: option.series, providerOptions: { [name]: true } }] : [],
  );
  return [...(perCall > 1 ? [{ n: perCall, ...inSmall }] : []), ...series];
}
