// What a service says of a job is taken for what it is: a state that nobody knows, a refusal by moderation, how far it is, and the host
// that is to be asked.

import assert from 'node:assert/strict';
import { isRecord, type JobState, type Json } from '@anyimage/core';
import { byJob, type Case, eachMode, withModel } from './rig/case.ts';
import { checking, type Rig, runOrGiveUp, sendings, withRig } from './rig/rig.ts';
import { shown } from './rig/sent.ts';

const jobs = withModel('that works through jobs', byJob);
const strange = 'suite-unknown-state';
const states = ['queued', 'running', 'done', 'failed', 'cancelled', 'gone'];

export const jobCases: readonly Case[] = [
  {
    id: 'job-unknown-state',
    title: 'a state of a job that nobody knows is told, and not asked after for ever: its ticket stays',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, { service: { checks: 1 } }, async (rig) => {
          const body = await strangeAnswer(rig);
          if (body === undefined) return; // the service tells a job's state without a word for it
          rig.forget();
          rig.emulator.fault({ on: checking, kind: 'status', status: 200, body, times: 'always' });
          const outcome = await runOrGiveUp(rig);
          const said = `the service said ${shown(body)}`;
          assert.ok(outcome !== 'asked for ever', `${said}, and the provider asked on and on: throw bad-response`);
          const { error, images } = outcome;
          assert.ok(error && images.length === 0, `${said}, and there is no error`);
          const kept = [error.mayHaveBeenBilled, (await rig.tickets.list()).length];
          assert.deepEqual(
            kept,
            [true, 1],
            `${said}, which is no end of the job: its ticket must stay (${error.code} ${error.message})`,
          );
          assert.ok(
            error.message.includes(strange),
            `${said}, and the error does not name the state: ${error.message}`,
          );
        });
      }
    },
  },
  {
    id: 'job-moderation-is-told',
    title: 'a job that moderation refuses is content-blocked, and not asked for again',
    applies: (subject) => {
      const reason = jobs(subject);
      if (reason !== true) return reason;
      return subject.emulator!.definition.moderation === 'none' ? 'the service refuses no content' : true;
    },
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: checking, kind: 'refused' });
          const outcome = await runOrGiveUp(rig);
          const reply = rig.seen.findLast(({ exchange }) => checking(exchange.request))?.reply;
          const said = `the service said ${shown(reply?.json)}`;
          assert.ok(
            rig.emulator.requests.every(({ status }) => status !== 599),
            'the emulator does not say how it tells that a job is refused: take `refused` in the answer to `check`, as checkJob does',
          );
          assert.ok(outcome !== 'asked for ever', `${said}, and the provider asked on and on`);
          const { error, images } = outcome;
          assert.equal(images.length, 0);
          assert.equal(
            error?.code,
            'content-blocked',
            `${said}, which is content-blocked; it arrived as ${error?.code}: ${error?.message}`,
          );
          assert.deepEqual([error.retryable, sendings(rig)], [false, 1], `${said}: it was asked for again`);
          assert.deepEqual(await rig.tickets.list(), [], `${said}: a ticket is left`);
        });
      }
    },
  },
  {
    id: 'job-progress-is-sane',
    title: 'how far a job is lies between 0 and 1, and when to ask again is a time',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, { service: { checks: 3 } }, async (rig) => {
          const { error } = await rig.run();
          assert.ok(!error, `${target.model}: it failed: ${error?.code} ${error?.message}`);
          for (const { name, result } of rig.works) if (name === 'check') checkState(result as JobState);
        });
      }
    },
  },
  {
    id: 'other-host-is-trusted',
    title: 'another host of the service, to which its answers lead, is one that the key may go to',
    applies: ({ emulator }) => {
      if (!emulator) return 'no emulator';
      return emulator.definition.otherHost ? true : 'the emulator names no other host (otherHost)';
    },
    async run(subject) {
      const { otherHost = '' } = subject.emulator!.definition;
      const { trustedHosts = [] } = subject.provider();
      const isTrusted = isTrustedHost(otherHost, trustedHosts);
      assert.ok(
        isTrusted,
        `answers lead to ${otherHost}; trustedHosts are ${trustedHosts.join(', ') || 'none'}, so that no key goes there`,
      );
      for (const target of eachMode(subject)) {
        await withRig(subject, target, {}, async ({ run, seen, emulator: { otherOrigin } }) => {
          const { error } = await run();
          assert.ok(!error, `${target.model}: it failed: ${error?.code} ${error?.message}`);
          const isNamed = seen.some(({ reply }) => JSON.stringify(reply.json ?? '').includes(otherOrigin));
          const isAsked = seen.some(({ exchange }) => `http://${exchange.request.headers.host}` === otherOrigin);
          assert.ok(
            isAsked || !isNamed,
            `${target.model}: answers lead to ${otherHost}, and the provider asked elsewhere`,
          );
        });
      }
    },
  },
];

/** An entry that begins with a dot stands for every host that ends so. */
function isTrustedHost(host: string, trusted: readonly string[]): boolean {
  return trusted.some((entry) => (entry.startsWith('.') ? host.endsWith(entry) : host === entry));
}

function checkState(state: JobState): void {
  assert.ok(states.includes(state.state), `check said the state ${shown(state.state)}; there are ${states.join(', ')}`);
  if (state.state !== 'queued' && state.state !== 'running') return;
  const { fraction = 0, position = 0, afterMs = 0 } = state;
  assert.ok(fraction >= 0 && fraction <= 1, `check said the fraction ${fraction}; it is from 0 to 1`);
  assert.ok(
    Number.isInteger(position) && position >= 0,
    `check said the position ${position}; it is a whole number from 0`,
  );
  assert.ok(afterMs >= 0 && afterMs <= 600_000, `check said to ask again after ${afterMs} ms`);
}

/**
 * The answer to a question for a job that runs, with another word in place of its state. Which field that is shows itself: it is text
 * without digits, or a small number, that is another one once the job is done. Undefined if there is none.
 */
async function strangeAnswer(rig: Rig): Promise<Json | undefined> {
  const { error } = await rig.run();
  assert.ok(!error, `it failed: ${error?.code} ${error?.message}`);
  const replies = rig.seen.filter(({ exchange }) => checking(exchange.request)).map(({ reply }) => reply.json);
  const [running, done] = [replies[0], replies.at(-1)];
  const replaced = replaceStates(running, done);
  return JSON.stringify(replaced) === JSON.stringify(running) ? undefined : (replaced as Json);
}

function replaceStates(running: unknown, done: unknown): unknown {
  if (isRecord(running) && isRecord(done)) {
    return Object.fromEntries(Object.entries(running).map(([name, value]) => [name, replaceStates(value, done[name])]));
  }
  const isWord = (value: unknown) => typeof value === 'string' && /^[a-z][a-z_ -]*$/i.test(value);
  return isWord(running) && isWord(done) && running !== done ? strange : running;
}
