// When the service says no, breaks down or talks nonsense: the caller learns what happened, and pays at most once.

import assert from 'node:assert/strict';
import type { ErrorCode } from '@anyimage/core';
import type { FaultEffect } from '../emulator/effects.ts';
import { type Case, eachMode, type Subject, withEmulator } from './rig/case.ts';
import { fetching, naming, type Rig, sendings, spending, withRig } from './rig/rig.ts';
import { leavesOf, requestIdOf, sentencesOf } from './rig/sent.ts';
import { type Target, targetsOf } from './rig/targets.ts';

/** Errors that the same request will meet again. */
const lasting: ReadonlySet<string> = new Set<ErrorCode>([
  ...(['auth', 'permission', 'quota', 'not-found', 'invalid-request', 'content-blocked'] as const),
]);

const page = '<!doctype html><html><body>gateway</body></html>';

/** What a status means where the service says nothing more. */
const statuses: readonly (readonly [number, readonly ErrorCode[]])[] = [
  [401, ['auth']],
  [403, ['permission']],
  [404, ['not-found']],
  [429, ['rate-limit']],
  [500, ['server']],
  [503, ['unavailable', 'server']],
];

export const failureCases: readonly Case[] = [
  failing('documented-errors', 'every error the service documents arrives as its code, with model, status and a hint', {
    async run(rig, target, { emulator }) {
      for (const code of emulator!.failures as readonly ErrorCode[]) {
        rig.emulator.reset();
        rig.emulator.fault({ on: spending, kind: 'failure', code, times: 'always' });
        const { error, images } = await rig.run();
        assert.equal(images.length, 0);
        assert.equal(error?.code, code, `${code} arrived as ${error?.code}: ${error?.message}`);
        assert.equal(error.model, target.model, `${code}: the error does not say which model`);
        assert.ok(error.status && error.status >= 200, `${code}: the error does not say the HTTP status`);
        assert.ok(error.hint, `${code}: there is no hint`);
        const requestId = requestIdOf(emulator!.definition.failures[code]);
        const sentences = sentencesOf(emulator!.definition.failures[code]?.json);
        const isSaid = sentences.length === 0 || sentences.some((one) => error.message.includes(one.slice(0, 60)));
        assert.ok(isSaid, `${code}: the service said "${sentences.join('", "')}", the error says "${error.message}"`);
        const isLost = requestId !== undefined && error.requestId !== requestId;
        assert.ok(!isLost, `${code}: the service told the request id ${requestId}, the error has ${error.requestId}`);
        if (lasting.has(code)) assert.equal(sendings(rig), 1, `${code}: it was asked again`);
      }
    },
  }),
  failing('bare-statuses', 'a status without the service’s own words still arrives as the right code', {
    async run(rig) {
      for (const [status, codes] of statuses) {
        rig.emulator.fault({ on: spending, kind: 'status', status, body: page, times: 'always' });
        const { error } = await rig.run();
        assert.ok(error && codes.includes(error.code), `${status} arrived as ${error?.code}: ${error?.message}`);
        rig.emulator.reset();
      }
    },
  }),
  failing(
    'rate-limit-waits',
    'a rate limit is waited for as long as Retry-After says, and the picture is paid for once',
    {
      code: 'rate-limit',
      async run(rig) {
        rig.emulator.fault({ on: spending, kind: 'failure', code: 'rate-limit', headers: { 'retry-after': '7' } });
        const { error, images } = await rig.run();
        assert.ok(!error, `it failed: ${error?.code} ${error?.message}`);
        assert.equal(images.length, 1);
        assert.ok(
          rig.waits.some((ms) => ms >= 7_000 && ms < 30_000),
          `it waited ${rig.waits.join(', ')} ms; Retry-After said 7 s`,
        );
        assert.deepEqual([sendings(rig), rig.emulator.submissions], [2, 1]);
      },
    },
  ),
  failing('no-double-spend', 'a request that may have been billed is never sent again, and says so', {
    async run(rig) {
      const faults: FaultEffect[] = [
        { kind: 'status', status: 500, body: page, accepted: true },
        { kind: 'cut' },
        { kind: 'cut', at: 'body' },
        { kind: 'malformed' },
      ];
      for (const fault of faults) {
        rig.emulator.reset();
        rig.emulator.fault({ on: spending, ...fault });
        const { error, images } = await rig.run();
        const shown = JSON.stringify(fault);
        assert.equal(sendings(rig), 1, `${shown}: it was sent ${sendings(rig)} times`);
        if (images.length > 0) continue; // half an answer may hold the whole URL of a picture, which core finds
        assert.ok(error, `${shown}: there is no error`);
        assert.equal(error.mayHaveBeenBilled, true, `${shown}: the error does not say that it may have been billed`);
      }
    },
  }),
  failing('malformed-answer', 'an answer that is not JSON is a bad response', {
    async run(rig) {
      rig.emulator.fault({ on: spending, kind: 'malformed' });
      const { error, images } = await rig.run();
      assert.equal(sendings(rig), 1, 'it was asked again');
      if (images.length > 0) return; // half an answer may hold the whole URL of a picture, which core finds
      assert.equal(error?.code, 'bad-response', `it arrived as ${error?.code}: ${error?.message}`);
    },
  }),
  failing('empty-answer', 'a success without a picture is an error that may have been billed', {
    async run(rig) {
      rig.emulator.fault({ on: spending, kind: 'status', status: 200, body: {}, accepted: true });
      const { error, images } = await rig.run();
      assert.equal(images.length, 0);
      assert.ok(error && ['bad-response', 'server'].includes(error.code), `it arrived as ${error?.code}`);
      assert.equal(error.mayHaveBeenBilled, true, 'the error does not say that it may have been billed');
    },
  }),
  failing('moderation-is-told', 'a refused picture is content-blocked and not asked for again', {
    code: 'content-blocked',
    async run(rig) {
      rig.emulator.fault({ on: spending, kind: 'refused' });
      const { error, images } = await rig.run();
      assert.equal(images.length, 0);
      assert.equal(error?.code, 'content-blocked', `it arrived as ${error?.code}: ${error?.message}`);
      assert.deepEqual([error.retryable, sendings(rig)], [false, 1]);
    },
  }),
  {
    id: 'refused-among-others',
    title: 'one picture of several that is refused is an error in its place, and the others are there',
    applies: (subject) => {
      if (!subject.emulator) return 'no emulator';
      return targetsOf(subject).some(makesSeveral) ? true : 'no call makes several pictures';
    },
    async run(subject) {
      for (const target of eachMode(subject, makesSeveral)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: naming, kind: 'refused' });
          const { images, errors } = await rig.run({ n: 2 });
          const told = `${target.model}: one of 2 pictures was refused`;
          const codes = errors.map(({ code, message }) => `${code} ${message}`).join(', ') || 'no error';
          const isSilent = subject.emulator!.definition.moderation === 'silent';
          assert.ok(
            errors.some(({ code }) => code === 'content-blocked' || isSilent),
            `${told}, the result has ${images.length} pictures and ${codes}`,
          );
          const drawn = rig.emulator.spent === 0 ? 0 : countURLs(rig);
          assert.ok(images.length >= drawn, `${told}, and the service made ${drawn}: the result has ${images.length}`);
        });
      }
    },
  },
  failing('slow-answer', 'an answer that arrives a few bytes at a time is still an answer', {
    async run(rig) {
      rig.emulator.fault({ on: spending, kind: 'drip', bytes: 16 });
      rig.emulator.fault({ on: fetching, kind: 'drip', bytes: 512 });
      const { error, images } = await rig.run();
      assert.ok(!error, `it failed: ${error?.code} ${error?.message}`);
      assert.equal(images.length, 1);
    },
  }),
];

function makesSeveral({ limits: { perCall = 1 } }: Target): boolean {
  return perCall > 1;
}

/** How many pictures the last answer that names any has on the service itself. */
function countURLs({ seen, emulator }: Rig): number {
  const said = seen.map(({ reply }) => leavesOf(reply.json).filter((one) => String(one).startsWith(emulator.origin)));
  return said.findLast((list) => list.length > 0)?.length ?? 0;
}

interface Failing {
  /** Applies only where the service documents an error for this code. */
  readonly code?: ErrorCode;
  run(rig: Rig, target: Target, subject: Subject): Promise<void>;
}

/** A case over one call and one job of the provider. */
function failing(id: string, title: string, { code, run }: Failing): Case {
  return {
    id,
    title,
    applies(subject) {
      const basics = withEmulator(subject);
      if (basics !== true || !code) return basics;
      return subject.emulator!.failures.includes(code) ? true : `the service documents no ${code}`;
    },
    async run(subject) {
      for (const target of eachMode(subject)) await withRig(subject, target, {}, (rig) => run(rig, target, subject));
    },
  };
}
