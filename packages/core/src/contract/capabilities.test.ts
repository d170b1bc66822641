import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitsOf, type ModelCapabilities, modelStatus, operationIn, rowFor, rowIn } from './capabilities.ts';

const row: ModelCapabilities = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  options: { steps: { type: 'integer' } },
  operations: { generate: { perCall: 4, options: { turbo: { type: 'boolean' } } } },
  delivery: { as: 'bytes' },
};

test("an operation's own entries are laid over the row's", () => {
  expect(limitsOf(row, 'generate')).toMatchObject({ label: 'A model', perCall: 4 });
  expect(Object.keys(limitsOf(row, 'generate')!.options!)).toEqual(['steps', 'turbo']);
});

test.each(['edit', 'constructor', 'toString', '__proto__'])('%s is no operation of this row', (operation) => {
  expect(limitsOf(row, operation)).toBeUndefined();
});

test('an operation is found however its name is spelled, its own spelling first', () => {
  const spelled = {
    ...row,
    operations: { generate: {}, removeWatermark: { perCall: 1 }, 'remove-watermark': { perCall: 2 } },
  };
  for (const asked of ['removeWatermark', 'REMOVE_WATERMARK', 'remove watermark', 'RemoveWatermark']) {
    expect(operationIn(spelled, asked)).toBe('removeWatermark');
    expect(limitsOf(spelled, asked)).toMatchObject({ perCall: 1 });
  }
  expect(operationIn(spelled, 'remove-watermark')).toBe('remove-watermark');
  expect(operationIn(spelled, 'Generate')).toBe('generate');
  expect(operationIn(spelled, 'watermark')).toBeUndefined();
});

describe('the row of an id in no table', () => {
  const [old, fresh] = [
    { ...row, label: 'Old' },
    { ...row, label: 'Fresh' },
  ];
  const rows = { old: { ids: '^boat-1', row: old }, older: { ids: '^boat', row }, fresh: { row: fresh } };
  const unlisted: ModelCapabilities = { ...row, families: { option: 'kind', rows } };

  test('is of the first family whose pattern fits the id, else the row itself', () => {
    expect(rowFor(unlisted, 'boat-1.5')).toBe(old);
    expect(rowFor(unlisted, 'boat-2')).toBe(row);
    expect(rowFor(unlisted, 'a-boat')).toBe(unlisted);
    expect(rowFor(row, 'boat-1.5', { kind: 'fresh' })).toBe(row);
  });

  test('is of the family that the option names, whatever the id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(rowFor(unlisted, id, { kind: 'fresh' })).toBe(fresh);
        expect(rowFor(unlisted, id, { kind: 'old' })).toBe(old);
      }),
    );
  });

  test('is not of a family that does not exist: the value is refused as any other', () => {
    const value = fc.oneof(fc.constantFrom('toString', '__proto__', 'Old'), fc.integer(), fc.constant(null));
    fc.assert(fc.property(value, (kind) => rowFor(unlisted, 'a-boat', { kind }) === unlisted));
  });
});

const [before, day, after] = ['2026-05-31', '2026-06-01', '2026-06-02'] as const;

test.each([
  [{}, before, 'stable'],
  [{ preview: true }, after, 'preview'],
  [{ deprecated: day }, before, 'stable'],
  [{ deprecated: day }, day, 'deprecated'],
  [{ retires: day }, before, 'stable'],
  [{ retires: day }, day, 'retired'],
  [{ deprecated: before, retires: day }, after, 'retired'],
  [{ retires: day, retiresUnsure: true }, before, 'stable'],
  [{ retires: day, retiresUnsure: true }, after, 'deprecated'],
  [{ preview: true, retires: day, retiresUnsure: true }, after, 'deprecated'],
] as const)('with %j, on %s, a model is %s', (dates, today, status) => {
  expect(modelStatus({ ...row, ...dates }, today)).toBe(status);
});

test('a model may end in one region alone', () => {
  const abroad: ModelCapabilities = {
    ...row,
    regions: { home: { retires: day, successor: 'b' }, away: { id: 'a-2' } },
  };
  expect(modelStatus(rowIn(abroad, 'home'), day)).toBe('retired');
  expect(rowIn(abroad, 'home').successor).toBe('b');
  for (const region of ['away', 'constructor', '']) expect(modelStatus(rowIn(abroad, region), day)).toBe('stable');
});
