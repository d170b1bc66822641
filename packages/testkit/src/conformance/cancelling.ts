// The caller may give up at any time: nothing goes on in secret, and what is paid for is not lost.

import assert from 'node:assert/strict';
import type { ClientRequest, Outcome } from '@anyimage/core';
import { always, byJob, byURL, type Case, eachMode, type Subject, withEmulator, withModel } from './rig/case.ts';
import { checking, fetching, type Rig, sendings, spending, withLocalRig, withRig } from './rig/rig.ts';
import { type Target, targetsOf } from './rig/targets.ts';

export const cancellingCases: readonly Case[] = [
  {
    id: 'abort-before-send',
    title: 'a signal that has aborted already sends nothing',
    applies: always,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withLocalRig(subject, target, {}, async ({ run, emulator }) => {
          const { error, sent } = await run({ signal: AbortSignal.abort() });
          assert.equal(error?.code, 'aborted');
          assert.deepEqual([sent, emulator?.requests.length ?? 0], [false, 0], 'something was sent');
        });
      }
    },
  },
  {
    id: 'abort-while-waiting',
    title: 'aborting while the service works ends the request and closes the connection',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: spending, kind: 'hang' });
          const { error } = await abortAtFault(rig);
          assert.equal(error?.code, 'aborted');
          assert.equal(error.mayHaveBeenBilled, true, 'the service may have billed for it');
          assert.equal(sendings(rig), 1);
        });
      }
    },
  },
  {
    id: 'abort-while-fetching',
    title: 'aborting while the picture arrives closes the connection, and a ticket is left for the picture',
    applies: withModel('whose pictures come as URLs', byURL),
    async run(subject) {
      for (const target of eachMode(subject, byURL)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: fetching, kind: 'hang', at: 'body' });
          const { error, pending } = await abortAtFault(rig);
          assert.equal(error?.code, 'aborted');
          assert.equal(pending.length, 1, 'there is no ticket for the picture');
        });
      }
    },
  },
  {
    id: 'cancel-is-honest',
    title: 'a job is called cancelled only if the service has cancelled it',
    applies: (subject) => {
      if (!subject.emulator) return 'no emulator';
      const isJob = targetsOf(subject).some(byJob);
      return isJob && subject.provider().jobs?.cancel ? true : 'the provider cancels no jobs';
    },
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        // One that has not begun, and one that is done.
        for (const checks of [5, 0]) {
          await withRig(subject, target, { service: { checks } }, async (rig) => {
            rig.emulator.fault({ on: checking, kind: 'hang' });
            const { pending } = await abortAtFault(rig);
            const said = await rig.inTime(rig.client.cancel(pending[0]!.id));
            const [job] = rig.emulator.jobs.values();
            const isCancelled = job?.state === 'cancelled';
            assert.equal(
              said === 'cancelled',
              isCancelled,
              `the provider says "${said}", at the service the job is ${job?.state}`,
            );
          });
        }
      }
    },
  },
  {
    id: 'timeout-ends-it',
    title: 'a service that never answers ends in a timeout at the deadline',
    applies: withEmulator,
    async run(subject) {
      await eachHanging(subject, async (rig) => {
        const { error } = await rig.run({ timeout: 100 });
        assert.equal(error?.code, 'timeout');
        if (sendings(rig) > 0) assert.equal(error.mayHaveBeenBilled, true, 'the service may have billed for it');
        assert.ok(sendings(rig) <= 1, 'it was asked again');
      });
    },
  },
];

/** Runs the request, aborts once a fault holds it up, and waits until the service sees the connection end. */
async function abortAtFault(rig: Rig, words: ClientRequest = {}): Promise<Outcome> {
  const caller = new AbortController();
  const struck = rig.emulator.next('fault');
  const left = rig.emulator.next('aborted');
  const outcome = rig.run({ ...words, signal: caller.signal });
  await rig.inTime(Promise.race([struck, outcome]));
  caller.abort();
  const result = await outcome;
  await rig.inTime(left);
  return result;
}

async function eachHanging(subject: Subject, use: (rig: Rig, target: Target) => Promise<void>): Promise<void> {
  for (const target of eachMode(subject)) {
    await withRig(subject, target, {}, async (rig) => {
      rig.emulator.fault({ on: spending, kind: 'hang', times: 'always' });
      await use(rig, target);
    });
  }
}
