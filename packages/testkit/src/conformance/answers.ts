// What an answer says beside its pictures reaches the caller: seeds, prompts as rewritten, what it cost, how long URLs work.

import assert from 'node:assert/strict';
import type { ClientRequest, Outcome, ProviderResult } from '@anyimage/core';
import type { Told } from '../emulator/definition.ts';
import { toldAt } from '../emulator/understood.ts';
import { byURL, type Case, eachMode, type Subject, withEmulator, withModel } from './rig/case.ts';
import { type Rig, withRig } from './rig/rig.ts';
import { several, shown } from './rig/sent.ts';
import { type Target, targetsOf } from './rig/targets.ts';

const inWords = { seed: 'the seed', revisedPrompt: 'the prompt as it was rewritten' } as const;

export const answerCases: readonly Case[] = [
  ...(['seed', 'revisedPrompt'] as const).map(
    (word): Case => ({
      id: word === 'seed' ? 'told-seed' : 'told-revised-prompt',
      title: `${inWords[word]} that an answer tells is in the result`,
      applies: (subject) => tellsIn(subject, word),
      async run(subject) {
        let isTold = false;
        const targets = targetsOf(subject).filter((target) => routesTell(subject, target, word));
        await withRig(subject, targets[0]!, {}, async (rig) => {
          for (const target of oneOfEachForm(targets)) {
            for (const words of sayings(target)) {
              rig.forget();
              const { images, error } = await rig.run(words, target);
              assert.ok(!error, `${target.model} ${shown(words)} failed: ${error?.code} ${error?.message}`);
              const said = saidOf(rig, word);
              isTold ||= said.length > 0;
              for (const [index, one] of said.entries()) {
                const got = images[index]?.[word];
                const isRight = word === 'seed' ? Number(one) === got : one === got;
                assert.ok(
                  isRight,
                  `${target.model}: the service told ${word} ${shown(one)}, the result has ${shown(got)}`,
                );
              }
            }
          }
        });
        assert.ok(isTold, `the emulator says that answers tell ${word} (told.${word}), and none did`);
      },
    }),
  ),
  {
    id: 'cost-is-told',
    title: 'a result costs what the service charged',
    applies: withEmulator,
    async run(subject) {
      const targets = targetsOf(subject);
      await withRig(subject, targets[0]!, {}, async (rig) => {
        for (const target of targets) {
          for (const words of priced(target)) {
            rig.forget();
            checkCost(target, words, rig, await rig.run(words, target));
          }
        }
      });
    },
  },
  {
    id: 'urls-live-as-long',
    title: 'the URL of a picture is not said to work longer than the service keeps it',
    applies: (subject) => {
      const reason = withModel('whose pictures come as URLs', byURL)(subject);
      if (reason !== true || subject.emulator?.definition.filesLiveSeconds !== undefined) return reason;
      return 'the emulator does not say how long the URL of a picture works (filesLiveSeconds)';
    },
    async run(subject) {
      const { filesLiveSeconds: lives = 0 } = subject.emulator!.definition;
      for (const { model, row } of targetsOf(subject)) {
        const { delivery } = row;
        const said = delivery.as === 'url' ? delivery.livesSeconds : 0;
        assert.ok(
          said <= lives,
          `${model}: the table says that URLs work ${said} s (livesSeconds), the service keeps them ${lives} s`,
        );
      }
      for (const target of eachMode(subject, byURL)) {
        await withRig(subject, target, {}, async (rig) => {
          const { images } = await rig.run();
          const made = rig.seen.find(({ route }) => route?.spends)?.exchange.now ?? 0;
          const until = Math.max(...images.map(({ expiresAt = 0 }) => expiresAt));
          // A check of a job may come long after the picture was made, so the clock of the last one counts.
          const last = Math.max(made, ...rig.seen.flatMap(({ exchange, route }) => (route ? [exchange.now] : [])));
          const seconds = Math.round((until - last) / 1000);
          const isOver = images.some(({ expiresAt = last + 1 }) => expiresAt <= made);
          assert.ok(
            !isOver,
            `${target.model}: the result says that its URL worked until ${new Date(until).toISOString()}, before it was made: expiresAt is in ms`,
          );
          assert.ok(
            seconds <= lives + 1,
            `${target.model}: the result says that its URL works ${seconds} s more, the service keeps it ${lives} s`,
          );
        });
      }
    },
  },
  {
    id: 'media-types-are-true',
    title: 'a picture is of the type that the provider says it is',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, {}, async (rig) => {
          const { images } = await rig.run();
          for (const [index, output] of outputsOf(rig).entries()) {
            if ('error' in output || output.mediaType === undefined) continue;
            const made = images[index]?.mediaType;
            assert.equal(output.mediaType, made, `the provider says ${output.mediaType}, the picture is ${made}`);
          }
        });
      }
    },
  },
];

/** The plain request, and what prices may depend on: each quality, each resolution, several pictures. */
function priced({ limits: { quality, size, perCall = 1 } }: Target): readonly ClientRequest[] {
  return [
    {},
    ...several(quality ? quality.values : []).map((one) => ({ quality: one })),
    ...several(size ? (size.tiers ?? []) : []).map((resolution) => ({ resolution })),
    ...(perCall > 1 ? [{ n: 2 }] : []),
  ];
}

function checkCost(
  { model, operation, limits }: Target,
  words: ClientRequest,
  rig: Rig,
  { cost, error }: Outcome,
): void {
  const { emulator, seen } = rig;
  const { spent, currency } = emulator;
  const where = `${model} ${operation} ${JSON.stringify(words)}`;
  assert.ok(!error, `${where} failed: ${error?.code} ${error?.message}`);
  // Core takes no such cost over; the provider is wrong all the same.
  for (const { amount } of resultsOf(rig).flatMap((result) => result.cost ?? []))
    assert.ok(
      Number.isFinite(amount) && amount >= 0,
      `${where}: the provider says that the result costs ${amount}, the service charged ${spent} ${currency}`,
    );
  const amounts = cost?.map(({ amount }) => amount) ?? [];
  if (spent === 0) return;
  const isTold = saidOf({ seen }, 'cost').length > 0;
  // A table may know some prices and not others.
  const isKnown = isTold || (Boolean(limits.prices?.length) && Object.keys(words).length === 0);
  if (cost === null) {
    assert.ok(!isKnown, `${where}: the service charged ${spent} ${currency}, the result does not know what it cost`);
    return;
  }
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const isSame = cost.every((one) => one.currency === currency) && Math.abs(total - spent) <= spent * 0.011;
  const said = cost.map(({ amount, currency }) => `${amount} ${currency}`).join(', ') || 'nothing';
  assert.ok(isSame, `${where}: the service charged ${spent} ${currency}, the result costs ${said}`);
  const isGuess = isTold && cost.some(({ estimated }) => estimated);
  assert.ok(
    !isGuess,
    `${where}: the service told the cost, ${spent} ${currency}, the result calls ${said} an estimate`,
  );
}

/** What the last answers that tell it say, one for each picture. */
function saidOf({ seen }: Pick<Rig, 'seen'>, word: keyof Told): readonly unknown[] {
  const said = seen.map(({ route, reply }) => {
    const place = route?.told?.[word];
    return place === undefined || (reply.status ?? 200) >= 300 ? [] : toldAt(place, reply.json);
  });
  return said.findLast((list) => list.length > 0) ?? [];
}

/** The plain request, two pictures of one call, and one for each option that is switched on: some answers tell more then. */
function sayings({ limits: { options = {}, perCall = 1 } }: Target): readonly ClientRequest[] {
  const switches = Object.entries(options).filter(([, option]) => option.type === 'boolean' && !option.series);
  const two = perCall > 1 ? [{ n: 2 }] : [];
  return [{}, ...two, ...switches.map(([name]) => ({ providerOptions: { [name]: true } }))];
}

function tellsIn({ emulator }: Subject, word: keyof Told): true | string {
  if (!emulator) return 'no emulator';
  if (emulator.definition.routes.some(({ told }) => told?.[word] !== undefined)) return true;
  return `the emulator does not say where answers tell it (told.${word}): if it is lost, nobody sees it`;
}

/** A model of a mode in which answers tell: calls by the routes that spend, jobs by any. */
function routesTell({ emulator }: Subject, { mode }: Target, word: keyof Told): boolean {
  const { routes } = emulator!.definition;
  return routes.some(({ told, spends }) => told?.[word] !== undefined && (mode === 'job' || spends === true));
}

/** Models that the provider reaches in the same way answer in the same way. */
function oneOfEachForm(targets: readonly Target[]): readonly Target[] {
  const forms = new Map(targets.map((target) => [JSON.stringify([target.mode, target.limits.wire]), target]));
  return [...forms.values()];
}

/** What the provider said of the pictures. */
function outputsOf(rig: Rig): ProviderResult['outputs'] {
  return resultsOf(rig).flatMap(({ outputs }) => outputs ?? []);
}

function resultsOf({ works }: Rig): readonly Partial<ProviderResult>[] {
  return works.map(({ result }) => {
    const outer = (result ?? {}) as Partial<ProviderResult> & { readonly result?: ProviderResult };
    return outer.result ?? outer;
  });
}
