import { expect, onTestFinished, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelTable, Price } from '../contract/capabilities.ts';
import { createEngine } from '../run/create-engine.ts';
import { decide } from './decide.ts';

const shared = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
} as const;
const costs = (amount: number): { prices: readonly Price[] } => ({
  prices: [{ amount, currency: 'USD', per: 'image' }],
});
const gone = { ...shared, retires: '2026-01-01' } as const;

const models: ModelTable = {
  first: { ...gone, ...costs(0.05), successor: 'second' },
  second: { ...gone, ...costs(0.9), successor: 'third' },
  third: { ...shared, ...costs(0.04) },
  dear: { ...gone, ...costs(0.01), successor: 'third' },
  round: { ...gone, ...costs(0.05), successor: 'about' },
  about: { ...gone, ...costs(0.05), successor: 'round' },
  dead: { ...gone, ...costs(0.05), successor: 'end' },
  end: { ...gone, ...costs(0.05) },
  lost: { ...gone, ...costs(0.05), successor: 'constructor' },
  unsure: { ...gone, ...costs(0.05), retiresUnsure: true, successor: 'third' },
  local: { ...shared, ...costs(0.05), regions: { only: { retires: '2026-01-01', successor: 'third' }, other: {} } },
  narrow: { ...gone, ...costs(0.05), prompt: { max: 3 }, successor: 'third' },
};

function choose(id: string, adapt: boolean, baseURL?: string, region?: string) {
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models,
    regions: {
      only: { baseURL: 'https://paint.example', hosts: String.raw`[a-z]+\.paint\.example` },
      other: { baseURL: 'https://paint.other' },
    },
    keys: [],
    sign: () => ({}),
  })({ ...(baseURL && { baseURL }), ...(region && { region }) });
  const clock = { now: () => Date.parse('2026-11-20'), sleep: async () => {} };
  const engine = createEngine({ providers: [provider], env: {}, clock });
  onTestFinished(() => engine.transport.close());
  const request = { prompt: 'a boat', n: 1, images: [] };
  return decide(engine, engine.registry.resolve(`paint/${id}`)[0]!, { request, applied: [] }, adapt);
}

test('the successor of a retired model that is retired itself gives way to its own', () => {
  const { name, applied } = choose('first', true);
  expect(name).toBe('paint/third');
  expect(applied).toEqual([
    { option: 'model', asked: 'paint/first', sent: 'paint/third', because: 'first was retired on 2026-01-01' },
  ]);
});

test('a model that ends in one region is retired there alone', () => {
  expect(choose('local', true).applied).toMatchObject([
    { sent: 'paint/third', because: 'local was retired on 2026-01-01' },
  ]);
  expect(() => choose('local', false)).toThrow(
    expect.objectContaining({ message: 'paint/local was retired on 2026-01-01', hint: 'Use paint/third instead.' }),
  );
  const { name, warnings } = choose('local', false, undefined, 'other');
  expect([name, warnings]).toEqual(['paint/local', []]);
});

test('without adapt the refusal names the model that is there today', () => {
  expect(() => choose('first', false)).toThrow(
    expect.objectContaining({ code: 'not-found', hint: 'Use paint/third instead.' }),
  );
});

test.each(['round', 'dead', 'lost'])('a retired model with no living successor is refused (%s)', (id) => {
  for (const adapt of [true, false]) {
    expect(() => choose(id, adapt)).toThrow(
      expect.objectContaining({ code: 'not-found', hint: 'Choose another model.' }),
    );
  }
});

test.each(['dear', 'narrow'])('a successor that is not known to cost no more is not taken (%s)', (id) => {
  expect(() => choose(id, true)).toThrow(
    expect.objectContaining({ code: 'not-found', message: expect.stringContaining('not known to cost no more') }),
  );
});

test.each([true, false])('a model whose end is unsure is asked itself, with a warning (adapt %s)', (adapt) => {
  const { name, applied, warnings } = choose('unsure', adapt);
  expect([name, applied]).toEqual(['paint/unsure', []]);
  expect(warnings).toEqual([
    {
      code: 'deprecated',
      message: 'paint/unsure probably ended on 2026-01-01, and is tried; its successor is third',
    },
  ]);
});

test('a retired model is retired at every host of the service, and at no other', () => {
  const gone = expect.objectContaining({ code: 'not-found' });
  for (const host of ['paint.example', 'team.paint.example']) {
    expect(() => choose('first', false, `https://${host}`)).toThrow(gone);
  }
  expect(choose('first', false, 'https://gateway.example').name).toBe('paint/first');
});
