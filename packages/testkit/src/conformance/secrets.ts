// The key is for the service alone: not for other hosts, not for eyes, not for files.

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Outcome } from '@anyimage/core';
import type { FaultEffect } from '../emulator/effects.ts';
import { byURL, type Case, eachMode, withEmulator, withModel } from './rig/case.ts';
import { startForeign } from './rig/foreign.ts';
import { checking, fetching, naming, type Rig, spending, withRig } from './rig/rig.ts';

export const secretCases: readonly Case[] = [
  {
    id: 'key-is-never-shown',
    title: 'the key is in no result, error, log line or ticket, even if the service repeats it',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, { maxRetries: 0 }, async (rig) => {
          const { key } = rig.emulator;
          const echo = { error: { code: key, message: `the key ${key} is wrong` }, message: key };
          const faults: FaultEffect[] = [
            { kind: 'status', status: 401, body: echo },
            { kind: 'status', status: 400, body: echo },
            { kind: 'status', status: 500, body: echo },
            { kind: 'malformed' },
            { kind: 'cut' },
          ];
          checkHidden(rig, 'a success', await rig.run());
          for (const fault of faults) {
            rig.emulator.reset();
            rig.emulator.fault({ on: spending, ...fault });
            checkHidden(rig, JSON.stringify({ ...fault, body: undefined }), await rig.run());
          }
          rig.emulator.reset();
          rig.emulator.fault({ on: fetching, kind: 'expired', times: 'always' });
          checkHidden(rig, 'an expired URL', await rig.run());
          const shown = JSON.stringify(await rig.tickets.list());
          assert.ok(!shown.includes(rig.emulator.key), 'the key is in a ticket');
        });
      }
    },
  },
  {
    id: 'key-stays-home',
    title: 'the key is never sent to another origin, nor where pictures are',
    applies: withModel('whose pictures come as URLs', byURL),
    async run(subject) {
      const foreign = await startForeign();
      try {
        for (const target of eachMode(subject, byURL)) {
          await withRig(subject, target, { allowNetworks: ['127.0.0.0/8'] }, async ({ run, emulator }) => {
            const before = foreign.requests.length;
            await run();
            emulator.fault({ on: naming, kind: 'url', url: foreign.url, times: 'always' });
            const named = await run();
            assert.equal(named.images.length, 1, `the picture was not fetched: ${named.error?.message}`);
            assert.deepEqual(
              emulator.requests.filter(({ leaked }) => leaked),
              [],
              'a picture was fetched with the key',
            );
            emulator.reset();
            emulator.fault({ on: fetching, kind: 'redirect', to: foreign.url, times: 'always' });
            const redirected = await run();
            assert.equal(redirected.images.length, 1, `the redirect was not followed: ${redirected.error?.message}`);
            assert.ok(foreign.requests.length >= before + 2, 'the other origin was not asked');
            emulator.reset();
            for (const on of [spending, checking])
              emulator.fault({ on, kind: 'redirect', to: foreign.url, status: 307 });
            await run();
            assert.deepEqual(
              emulator.requests.filter(({ leaked }) => leaked),
              [],
              'a picture was fetched with the key',
            );
            assert.ok(!foreign.requests.some((told) => told.includes(emulator.key)), 'another origin was told the key');
          });
        }
      } finally {
        await foreign.close();
      }
    },
  },
];

function checkHidden({ emulator: { key }, logged }: Rig, when: string, outcome: Outcome): void {
  const { images, errors, error } = outcome;
  assert.ok(!JSON.stringify(outcome).includes(key), `${when}: the key is in the result`);
  assert.ok(
    !inspect([errors, error, images], { depth: 10 }).includes(key),
    `${when}: the key is in an error or its cause`,
  );
  assert.ok(!logged.some((line) => line.includes(key)), `${when}: the key is in the log`);
}
