import { describe, expect, it } from 'vitest';
import { defineEmulator, type Exchange } from '../index.ts';
import { toldAt, valueAt } from './understood.ts';

const of = (body: unknown, form?: FormData) => ({ body, ...(form && { form }) }) as Exchange;

describe('what stands at a place of a request', () => {
  const body = { seed: 7, input: { size: '64x32', images: [{ url: 'a' }, { url: 'b' }, {}] }, tags: ['x', 'y'] };

  it.each([
    ['seed', 7],
    ['input.size', '64x32'],
    ['tags.1', 'y'],
    ['tags', ['x', 'y']],
    ['input.images.*.url', ['a', 'b']],
    ['input.none.size', undefined],
    ['toString', undefined],
  ])('%s is found', (path, value) => {
    expect(valueAt(path, of(body))).toEqual(value);
  });

  it('is any of several places, in their order', () => {
    expect(valueAt(['input.none', 'seed'], of(body))).toBe(7);
    expect(valueAt(['seed', 'input.size'], of(body))).toEqual([7, '64x32']);
  });

  it('is what a function says, of no body too', () => {
    expect(valueAt(({ seed }) => Number(seed) + 1, of(body))).toBe(8);
    expect(valueAt((fields) => Object.keys(fields).length, of(undefined))).toBe(0);
  });

  it('is every file of a field', () => {
    const form = new FormData();
    for (const name of ['a', 'b']) form.append('image[]', new File(['x'], name));
    const files = valueAt(['image', 'image[]'], of({ prompt: 'a boat' }, form)) as File[];
    expect(files.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

it('an answer tells one value for each picture, or none', () => {
  expect(toldAt('data.*.seed', { data: [{ seed: 1 }, { seed: 2 }] })).toEqual([1, 2]);
  expect(toldAt('data.*.seed', { error: 'no' })).toEqual([]);
  expect(toldAt(({ cost }) => cost, { cost: 3 })).toEqual([3]);
  expect(toldAt(({ cost }) => cost, undefined)).toEqual([]);
});

describe('a job', () => {
  const service = defineEmulator({
    id: 'jobs',
    label: 'Jobs',
    keyEnv: 'JOBS_API_KEY',
    baseURLEnv: 'JOBS_BASE_URL',
    basePath: '',
    currency: 'USD',
    otherHost: 'poll.example.com',
    authorize: () => undefined,
    unknown: { status: 404, json: {} },
    failures: {},
    routes: [
      {
        method: 'POST',
        path: 'jobs',
        point: 'submit',
        answer: (exchange) => ({ json: { ...exchange.startJob({}, 'task'), from: exchange.otherOrigin } }),
      },
      {
        method: 'GET',
        path: 'jobs/:id',
        point: 'check',
        answer: (exchange) => ({ json: { state: exchange.checkJob(exchange.params.id)?.state ?? 'unknown' } }),
      },
    ],
  });

  it('runs for some checks, fails or is refused by a fault, and is asked after on another port', async () => {
    const running = await service.start({ checks: 1 });
    const submit = async () =>
      (await fetch(`${running.baseURL}/jobs`, { method: 'POST' })).json() as Promise<{ id: string; from: string }>;
    const { id, from } = await submit();
    const stateOf = async (id: string) => (await (await fetch(`${from}/jobs/${id}`)).json()) as { state: string };
    expect([id, from === running.origin, from === running.otherOrigin]).toEqual(['task-0001', false, true]);
    expect([await stateOf(id), await stateOf(id), await stateOf(id)].map(({ state }) => state)).toEqual([
      'running',
      'done',
      'done',
    ]);
    for (const kind of ['failed', 'refused'] as const) {
      running.fault({ on: 'check', kind });
      expect(await stateOf((await submit()).id)).toEqual({ state: kind });
    }
    expect(await stateOf('task-9999')).toEqual({ state: 'unknown' });
    await running.close();
    await expect(fetch(from)).rejects.toThrow();
  });
});
