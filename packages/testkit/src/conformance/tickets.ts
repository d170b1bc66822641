// What is paid for can be brought back: by another process, on another day, without paying again.

import assert from 'node:assert/strict';
import { byJob, byURL, type Case, eachMode, withModel } from './rig/case.ts';
import { checking, copyTickets, fetching, type Rig, sendings, spending, withRig } from './rig/rig.ts';

const page = '<!doctype html><html><body>gateway</body></html>';
/** How services, relays and gateways say that there is no such job. */
const forgotten = [
  [404, { error: { code: 'task_not_exist', message: 'task not exist' } }],
  [404, { code: 'TaskNotFound', message: 'no such task' }],
  [404, { detail: 'Job not found' }],
  [410, { message: 'the task has expired' }],
] as const;
const jobs = withModel('that works through jobs', byJob);

export const ticketCases: readonly Case[] = [
  {
    id: 'expired-url-keeps-ticket',
    title: 'a picture that cannot be fetched leaves a ticket, which brings it back in another process',
    applies: withModel('whose pictures come as URLs', byURL),
    async run(subject) {
      for (const target of eachMode(subject, byURL)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: fetching, kind: 'expired', times: 'always' });
          const { error, images, pending } = await rig.run();
          assert.equal(images.length, 0);
          assert.ok(error, 'there is no error');
          assert.equal(error.mayHaveBeenBilled, true, 'the error does not say that it may have been billed');
          assert.deepEqual(
            pending.map(({ state }) => state),
            ['delivered'],
          );
          rig.emulator.reset();
          await checkResumes(rig, pending[0]!.id);
        });
      }
    },
  },
  {
    id: 'job-runs',
    title: 'a job is submitted once, asked after until it is done, and leaves no ticket',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, { service: { checks: 3 } }, async (rig) => {
          const { error, images } = await rig.run();
          assert.ok(!error, `it failed: ${error?.code} ${error?.message}`);
          assert.equal(images.length, 1);
          assert.deepEqual([sendings(rig), rig.emulator.requests.filter(checking).length], [1, 4]);
          assert.deepEqual(await rig.tickets.list(), []);
        });
      }
    },
  },
  {
    id: 'job-failure-is-told',
    title: 'a job that fails is an error, and leaves no ticket',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: checking, kind: 'failed' });
          const { error, images, pending } = await rig.run();
          assert.equal(images.length, 0);
          assert.ok(error, 'there is no error');
          assert.deepEqual([pending, await rig.tickets.list()], [[], []], 'a ticket is left');
          assert.equal(sendings(rig), 1);
          const isFree = subject.emulator!.definition.failedJobs === 'free';
          const isTold = isFree || error.mayHaveBeenBilled;
          assert.ok(
            isTold,
            'nothing says that the service does not charge for it: the error must say that it may have been billed',
          );
        });
      }
    },
  },
  {
    id: 'job-questions-may-fail',
    title: 'a question that fails is not a job that fails: it is asked again',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: checking, kind: 'status', status: 500 });
          rig.emulator.fault({ on: checking, kind: 'cut' });
          const { error, images } = await rig.run();
          assert.ok(!error, `it failed: ${error?.code} ${error?.message}`);
          assert.deepEqual([images.length, sendings(rig)], [1, 1]);
        });
      }
    },
  },
  {
    id: 'job-outlives-gateways',
    title:
      'a web page in place of an answer, whatever its status, says nothing of a job: its ticket stays and brings it back',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        for (const status of [400, 403, 404, 410]) {
          await withRig(subject, target, {}, async (rig) => {
            rig.emulator.fault({ on: checking, kind: 'status', status, body: page });
            const { error, pending } = await rig.run();
            assert.equal(
              error?.mayHaveBeenBilled,
              true,
              `${status}: the error does not say that it may have been billed`,
            );
            assert.deepEqual(
              (await rig.tickets.list()).map(({ id }) => id),
              pending.map(({ id }) => id),
            );
            assert.equal(pending.length, 1, `${status}: the ticket of the job was dropped`);
            await checkResumes(rig, pending[0]!.id);
          });
        }
      }
    },
  },
  {
    id: 'job-forgotten-is-told',
    title: 'a job that the service does not know any more is told as that, and its ticket is left until it is dropped',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        for (const [status, body] of forgotten) {
          await withRig(subject, target, {}, async (rig) => {
            const said = JSON.stringify(body);
            rig.emulator.fault({ on: checking, kind: 'status', status, body: said });
            const { error } = await rig.run();
            assert.match(error?.message ?? '', /^the service does not know the job any more/, `${status} ${said}`);
            assert.deepEqual([error?.code, error?.mayHaveBeenBilled], ['not-found', true]);
            const [left] = await rig.tickets.list();
            assert.ok(left, 'its ticket is gone');
            await checkResumes(rig, left.id);
          });
        }
      }
    },
  },
  {
    id: 'job-resumes',
    title: 'a job whose caller left is brought back by another process, with no new submission',
    applies: jobs,
    async run(subject) {
      for (const target of eachMode(subject, byJob)) {
        await withRig(subject, target, {}, async (rig) => {
          rig.emulator.fault({ on: checking, kind: 'hang' });
          const caller = new AbortController();
          const struck = rig.emulator.next('fault');
          const outcome = rig.run({ signal: caller.signal });
          await rig.inTime(Promise.race([struck, outcome]));
          caller.abort();
          const { pending } = await outcome;
          assert.deepEqual(
            pending.map(({ state }) => state),
            ['submitted'],
          );
          await checkResumes(rig, pending[0]!.id);
        });
      }
    },
  },
];

/** Resumes from a copy of the tickets, as another process would. */
async function checkResumes(rig: Rig, id: string): Promise<void> {
  const tickets = await copyTickets(rig.tickets);
  const spent = rig.emulator.requests.filter(spending).length;
  const { images, error } = await rig.inTime(rig.connect({ tickets }).runTicket(id, { timeout: 60_000 }));
  assert.ok(!error, `the ticket did not bring it back: ${error?.code} ${error?.message}`);
  assert.equal(images.length, 1);
  assert.equal(rig.emulator.requests.filter(spending).length, spent, 'it was submitted again');
  assert.deepEqual(await tickets.list(), [], 'the ticket is left over');
}
