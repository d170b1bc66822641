import { type CallProgress, ImageError, type ToldCall } from '@anyimage/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain } from '../terminal/paint.ts';
import { width } from '../terminal/wrap.ts';
import { pictureRows, stateText } from './picture-rows.ts';
import { PictureStates } from './picture-states.ts';

const call: ToldCall = { model: 'paint/paint-1', mode: 'job', first: 0, n: 1, cost: null };
const frame = { elapsedMs: 6200, columns: 80, rows: 22, spinner: '*' };

function statesOf(total: number, ...told: readonly (readonly [CallProgress, Partial<ToldCall>?, number?])[]) {
  const states = new PictureStates(total);
  for (const [progress, about = {}, now = 0] of told) states.tell(progress, { ...call, ...about }, now);
  return states;
}

function rowsOf(states: PictureStates, more: object = {}, now = 6200) {
  return pictureRows(states, { title: 'paint', ...more }, { ...frame, ...more }, now, plain);
}

describe('one picture is one row', () => {
  test.each<[what: string, told: readonly CallProgress[], text: string]>([
    ['nothing is decided', [], '*  paint  starting  6.2 s'],
    ['it has no turn yet', [{ phase: 'waiting' }], '*  paint/paint-1  waits for its turn  6.2 s'],
    ['it is sent', [{ phase: 'sent' }], '*  paint/paint-1  sending  6.2 s'],
    ['the job is taken', [{ phase: 'sent' }, { phase: 'accepted' }], '*  paint/paint-1  accepted  6.2 s'],
    ['it is queued', [{ phase: 'queued' }], '*  paint/paint-1  queued  6.2 s'],
    ['its place is known', [{ phase: 'queued', position: 3 }], '*  paint/paint-1  queued, number 3  6.2 s'],
    ['the share is known', [{ phase: 'running', fraction: 0.456 }], '*  paint/paint-1  drawing 45 %  6.2 s'],
    ['the share is not known', [{ phase: 'running' }], '*  paint/paint-1  drawing  6.2 s'],
    ['it is fetched', [{ phase: 'fetching', index: 0 }], '*  paint/paint-1  downloading  6.2 s'],
    ['a part is here', [{ phase: 'fetching', index: 0, fraction: 0.999 }], '*  paint/paint-1  downloading 99 %  6.2 s'],
  ])('%s', (_, told, text) => {
    expect(rowsOf(statesOf(1, ...told.map((progress) => [progress] as const)))).toEqual([text]);
  });
});

test('how long it usually takes is said, and not of what is quick', () => {
  const sent = statesOf(1, [{ phase: 'sent' }]);
  expect(rowsOf(sent, { latencyMs: [5000, 20_000] })).toEqual(['*  paint/paint-1  sending  6.2 s  usually 5–20 s']);
  expect(rowsOf(sent, { latencyMs: [100, 800] })).toEqual(['*  paint/paint-1  sending  6.2 s']);
});

test('what is over has its own time while others are drawn', () => {
  const made = statesOf(1, [{ phase: 'sent' }], [{ phase: 'made', index: 0 }, {}, 2000]);
  expect(rowsOf(made, { latencyMs: [5000, 20_000] })).toEqual(['*  paint/paint-1  made  2.0 s']);
});

test('several pictures have a row each', () => {
  const states = statesOf(
    5,
    [{ phase: 'sent' }, { first: 0 }, 0],
    [{ phase: 'made', index: 0 }, { first: 0 }, 5000],
    [{ phase: 'sent' }, { first: 1 }, 1000],
    [{ phase: 'running', fraction: 0.25 }, { first: 1 }],
    [{ phase: 'sent' }, { first: 2 }, 1000],
    [{ phase: 'queued', position: 2 }, { first: 2 }],
    [{ phase: 'waiting', error: new ImageError('rate-limit', 'busy') }, { first: 3 }],
    [{ phase: 'failed', error: new ImageError('content-blocked', 'no') }, { first: 4 }],
  );
  expect(rowsOf(states)).toEqual([
    '*  paint/paint-1  1 of 5  1 failed  6.2 s',
    '  1  made                            5.0 s',
    '  2  drawing 25 %                    5.2 s',
    '  3  queued, number 2                5.2 s',
    '  4  waits to try again: rate limit',
    '  5  failed: content blocked       ',
  ]);
});

test('a share of a whole call is not taken for that of each of its pictures', () => {
  const states = statesOf(2, [{ phase: 'sent' }, { n: 2 }], [{ phase: 'running', fraction: 0.75 }, { n: 2 }]);
  expect(rowsOf(states).slice(1)).toEqual([
    '  1  drawing 75 % of 2 pictures  6.2 s',
    '  2  drawing 75 % of 2 pictures  6.2 s',
  ]);
  states.tell({ phase: 'running', index: 1, fraction: 0.5 }, { ...call, n: 2 }, 0);
  expect(rowsOf(states)[2]).toBe('  2  drawing 50 %                6.2 s');
});

test('of many pictures, those under way have a row and the others are counted', () => {
  const states = statesOf(
    100,
    [{ phase: 'made', index: 0 }, { first: 0 }],
    [{ phase: 'sent' }, { first: 1 }],
    [{ phase: 'waiting' }, { first: 2 }],
  );
  expect(rowsOf(states)).toEqual(['*  paint/paint-1  1 of 100  6.2 s', '    2  sending  6.2 s', '  98 more to come']);
});

test('what is said of a call says nothing of a picture that is here', () => {
  const states = statesOf(2, [{ phase: 'made', index: 0 }, { n: 2 }], [{ phase: 'failed' }, { n: 2 }]);
  expect(states.all.map(({ phase }) => phase)).toEqual(['made', 'failed']);
});

test('the next model of a list begins anew under its own name', () => {
  const states = statesOf(1, [{ phase: 'failed' }], [{ phase: 'sent' }, { model: 'other/one' }]);
  expect(rowsOf(states)).toEqual(['*  other/one  sending  6.2 s']);
});

test('what a model shows of a picture on its way is drawing', () => {
  expect(statesOf(1, [{ partial: new Uint8Array(), index: 0 }]).all[0]).toMatchObject({ phase: 'running' });
});

const phases = ['waiting', 'sent', 'accepted', 'queued', 'running', 'fetching', 'made', 'failed'] as const;
const progress = fc.record(
  {
    phase: fc.constantFrom(...phases),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
    index: fc.nat(3),
    position: fc.integer({ min: 1, max: 999 }),
  },
  { requiredKeys: ['phase'] },
) as fc.Arbitrary<CallProgress>;

test('whatever is told, no row is wider than the window, and no share is said that was not told', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(progress, fc.nat(9), fc.integer({ min: 1, max: 4 })), { maxLength: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 140 }),
      fc.constantFrom('paint/paint-1', '画/画画', '👩‍👩‍👧/🎨'),
      (told, total, columns, model) => {
        const states = statesOf(total, ...told.map(([one, first, n]) => [one, { first, n, model }] as const));
        const rows = rowsOf(states, { columns, latencyMs: [5000, 20_000] });
        for (const row of rows) expect(width(row)).toBeLessThanOrEqual(columns);
        if (told.every(([one]) => !('fraction' in one))) expect(rows.join()).not.toContain('%');
      },
    ),
  );
});

test('every phase has words', () => {
  for (const phase of phases) expect(stateText({ phase })).toBeTruthy();
});

describe('what is on its way and comes now or never', () => {
  const cost = { amount: 1, currency: 'USD', estimated: true };
  const free = { amount: 0, currency: 'USD', estimated: false };

  test.each<[what: string, told: readonly CallProgress[], about: Partial<ToldCall>, held: number]>([
    ['nothing was sent', [{ phase: 'waiting' }], { mode: 'call', cost }, 0],
    ['a call was sent', [{ phase: 'sent' }], { mode: 'call', cost }, 1],
    ['a call draws, and shows how far it is', [{ phase: 'running' }], { mode: 'call', cost }, 1],
    ['its price is not known', [{ phase: 'sent' }], { mode: 'call', cost: null }, 1],
    ['it costs nothing', [{ phase: 'sent' }], { mode: 'call', cost: free }, 0],
    ['it waits to be sent again', [{ phase: 'sent' }, { phase: 'waiting' }], { mode: 'call', cost }, 0],
    ['a job is being sent', [{ phase: 'sent' }], { mode: 'job', cost }, 1],
    ['a job was taken', [{ phase: 'sent' }, { phase: 'accepted' }], { mode: 'job', cost }, 0],
    ['a job is queued', [{ phase: 'queued' }], { mode: 'job', cost }, 0],
    ['a job runs', [{ phase: 'running' }], { mode: 'job', cost }, 0],
    ['its picture is fetched', [{ phase: 'fetching', index: 0 }], { mode: 'job', cost }, 1],
    ['its picture is here', [{ phase: 'made', index: 0 }], { mode: 'call', cost }, 0],
    ['it failed', [{ phase: 'sent' }, { phase: 'failed' }], { mode: 'call', cost }, 0],
  ])('%s', (_, told, about, held) => {
    const states = statesOf(1, ...told.map((progress) => [progress, about] as const));
    expect(states.held).toBe(held);
  });
});
