import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImageError } from '../contract/errors.ts';
import type { CallContext, JobState, Progress } from '../contract/provider.ts';
import { JobEnded, watchJob } from './jobs.ts';

const done: JobState = { state: 'done', result: { outputs: [{ url: 'https://x.example/a.png' }] } };

/** Runs a job whose checks give these answers in turn, the last for ever. */
async function watch(
  answers: (JobState<string> | Error)[],
  { resumed = false, signal = new AbortController().signal } = {},
) {
  const waits: number[] = [];
  const reports: Progress[] = [];
  const tickets: unknown[] = [];
  const asked: unknown[] = [];
  const clock = {
    now: () => 0,
    sleep: async (ms: number, stop?: AbortSignal) => {
      stop?.throwIfAborted();
      waits.push(ms);
    },
  };
  const context = {
    signal,
    report: (progress: Progress) => reports.push(progress),
    log: () => {},
  } as unknown as CallContext;
  const jobs = {
    submit: async () => null,
    check: async (ticket: unknown) => {
      asked.push(ticket);
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const outcome = await watchJob({
    jobs,
    provider: { label: 'Paint' },
    lastAnswer: () => undefined,
    context,
    clock,
    service: 'task-1',
    resumed,
    onTicket: async (next) => void tickets.push(next),
  }).catch((error: unknown) => error);
  return { outcome, waits, reports, tickets, asked };
}

test('asks after two seconds, then every three to five, until it is done', async () => {
  const running: JobState = { state: 'running', fraction: 0.5 };
  const { outcome, waits, reports } = await watch([
    { state: 'queued', position: 3 },
    running,
    running,
    running,
    running,
    done,
  ]);
  expect(outcome).toMatchObject({ outputs: [{}] });
  expect(waits.map(Math.round)).toEqual([2000, 2600, 3380, 4394, 5000, 5000]);
  expect(reports.slice(0, 2)).toEqual([
    { phase: 'queued', position: 3 },
    { phase: 'running', fraction: 0.5 },
  ]);
});

test("keeps to the service's own rhythm", async () => {
  expect((await watch([{ state: 'running', afterMs: 250 }, done])).waits).toEqual([2000, 250]);
});

test('a resumed job is asked for at once', async () => {
  expect((await watch([done], { resumed: true })).waits).toEqual([]);
});

test('a question that failed in passing is asked again, after what the service says', async () => {
  const busy = new ImageError('rate-limit', 'busy', { retryable: true, retryAfter: 9000 });
  const { outcome, waits } = await watch([busy, done]);
  expect(outcome).toMatchObject({ outputs: [{}] });
  expect(waits).toEqual([2000, 9000, 2600]);
});

test('a question that cannot succeed ends the wait, not the job', async () => {
  const { outcome } = await watch([new ImageError('auth', 'no')]);
  expect(outcome).toMatchObject({ code: 'auth' });
  expect(outcome).not.toBeInstanceOf(JobEnded);
});

const page = new ImageError('bad-response', 'the answer is not JSON; it starts with "<html>"');
const defect = new TypeError("Cannot read properties of undefined (reading 'status')");

test.each([page, new ImageError('bad-response', 'the answer ends in the middle of its JSON'), defect])(
  'one answer that nobody can read does not end the wait for a paid job: %s',
  async (bad) => {
    const running: JobState = { state: 'running' };
    expect((await watch([bad, done])).outcome).toMatchObject({ outputs: [{}] });
    expect((await watch([bad, bad, bad, bad, running, bad, bad, bad, bad, done])).outcome).toMatchObject({
      outputs: [{}],
    });
    expect((await watch([bad, done], { resumed: true })).outcome).toMatchObject({ outputs: [{}] });
  },
);

test('a service that is never understood ends the wait after five tries, and one at a refused address at once', async () => {
  const { outcome, asked } = await watch([page]);
  expect(outcome).toMatchObject({ code: 'bad-response' });
  expect(asked).toHaveLength(5);
  const refused = new ImageError('bad-response', 'refused', { details: { problem: 'address' } });
  expect((await watch([refused, done])).outcome).toBe(refused);
});

test('whatever questions fail in passing, a job that ends well within five tries is fetched', async () => {
  const passing = fc.constantFrom<JobState | Error>(
    page,
    defect,
    new ImageError('server', 'down', { retryable: true }),
    new ImageError('network', 'cut', { retryable: true }),
    { state: 'running' },
    { state: 'queued', position: 1 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(passing, { maxLength: 4 }), async (answers) => {
      expect((await watch([...answers, done])).outcome).toMatchObject({ outputs: [{}] });
    }),
  );
});

test.each(['failed', 'cancelled', 'gone'] as const)('a job that is %s has ended', async (state) => {
  const { outcome } = await watch([{ state, error: new ImageError('server', 'no picture') }]);
  expect(outcome).toBeInstanceOf(JobEnded);
  expect(outcome).toMatchObject({ error: { code: 'server' } });
});

test('a new ticket is kept and used from then on', async () => {
  const { tickets, asked } = await watch([{ state: 'running', ticket: 'task-1b' }, done]);
  expect(tickets).toEqual(['task-1b']);
  expect(asked).toEqual(['task-1', 'task-1b']);
});

test("ends with the signal's reason", async () => {
  const controller = new AbortController();
  controller.abort(new ImageError('aborted', 'stopped'));
  expect((await watch([done], { signal: controller.signal })).outcome).toMatchObject({ code: 'aborted' });
});
