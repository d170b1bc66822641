// A picture is believed when it has arrived whole and is one; where it comes from is not believed at all.

import assert from 'node:assert/strict';
import type { FaultEffect } from '../emulator/effects.ts';
import { byURL, type Case, eachMode, withEmulator, withModel } from './rig/case.ts';
import { startForeign } from './rig/foreign.ts';
import { fetching, naming, withRig } from './rig/rig.ts';
import { sizesOf } from './values.ts';

const nonsense: readonly FaultEffect[] = [
  { kind: 'html' },
  { kind: 'json' },
  { kind: 'svg' },
  { kind: 'truncated', how: 'picture' },
  { kind: 'truncated', how: 'length' },
];

export const pictureCases: readonly Case[] = [
  {
    id: 'nonsense-is-no-picture',
    title: 'a web page, a JSON error, an SVG or half a picture in place of the picture is an error',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, {}, async ({ run, emulator }) => {
          for (const fault of nonsense) {
            emulator.reset();
            emulator.fault({ on: fetching, times: 'always', ...fault });
            const { images, error } = await run();
            const shown = JSON.stringify(fault);
            assert.equal(images.length, 0, `${shown} was taken for a picture`);
            assert.ok(error && ['bad-response', 'network'].includes(error.code), `${shown} arrived as ${error?.code}`);
            assert.equal(emulator.submissions, 1, `${shown}: it was paid for ${emulator.submissions} times`);
          }
        });
      }
    },
  },
  {
    id: 'too-large-is-refused',
    title: 'a picture without end, or declared larger than allowed, is refused early',
    applies: withModel('whose pictures come as URLs', byURL),
    async run(subject) {
      for (const target of eachMode(subject, byURL)) {
        await withRig(subject, target, { maxImageBytes: 200_000 }, async ({ run, emulator, inTime }) => {
          for (const how of ['declared', 'endless'] as const) {
            emulator.reset();
            emulator.fault({ on: fetching, kind: 'oversize', how, times: 'always' });
            const left = emulator.next('aborted', fetching);
            const { images, error } = await run();
            assert.equal(images.length, 0);
            assert.equal(error?.code, 'bad-response', `${how}: it arrived as ${error?.code}: ${error?.message}`);
            await inTime(left);
          }
        });
      }
    },
  },
  {
    id: 'another-size-is-told',
    title: 'a picture in another size than asked is kept, with a warning',
    applies: withModel('with sizes', ({ limits }) => Boolean(limits.size && sizesOf(limits.size).length)),
    async run(subject) {
      for (const target of eachMode(subject, ({ limits }) => Boolean(limits.size && sizesOf(limits.size).length))) {
        await withRig(subject, target, {}, async ({ run, emulator }) => {
          emulator.fault({ on: fetching, kind: 'wrong-size', times: 'always' });
          const { images, warnings } = await run({ size: sizesOf(target.limits.size as never)[0]! });
          assert.equal(images.length, 1);
          assert.ok(
            warnings.some(({ code }) => code === 'size-differs'),
            'there is no warning',
          );
        });
      }
    },
  },
  {
    id: 'private-addresses-are-refused',
    title: 'a result URL or redirect that leads to a private address or another port of this machine is not followed',
    applies: withModel('whose pictures come as URLs', byURL),
    async run(subject) {
      const foreign = await startForeign();
      const addresses = [
        foreign.url,
        foreign.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
        'http://10.0.0.1/a.png',
        'http://[::ffff:10.0.0.1]/a.png',
        'http://169.254.169.254/latest/meta-data',
      ];
      try {
        for (const target of eachMode(subject, byURL)) {
          await withRig(subject, target, {}, async ({ run, emulator }) => {
            for (const url of addresses) {
              const faults: FaultEffect[] = [
                { kind: 'url', url },
                { kind: 'redirect', to: url },
              ];
              for (const fault of faults) {
                emulator.reset();
                emulator.fault({ on: fault.kind === 'url' ? naming : fetching, times: 'always', ...fault });
                const { images, error } = await run();
                assert.equal(images.length, 0, `${url} was fetched`);
                assert.equal(
                  error?.code,
                  'bad-response',
                  `${url} (${fault.kind}) arrived as ${error?.code}: ${error?.message}`,
                );
              }
            }
          });
        }
        assert.equal(foreign.requests.length, 0, 'another port of this machine was asked');
      } finally {
        await foreign.close();
      }
    },
  },
];
