import { ImageError, type Json } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChangeFlags, type OwnRow, readChanges, withChanges, wordsOf } from './row-changes.ts';

const anyRow = () => undefined;
const change = (before: OwnRow, flags: ChangeFlags, check: (row: OwnRow) => void = anyRow) =>
  withChanges(before, readChanges(flags), check);

test('words are set by their paths, and the others stay', () => {
  const before = { like: 'a', size: { tiers: ['1K'], default: { tier: '1K' } }, perCall: 2 };
  expect(
    change(before, { set: ['size.tiers=["1K","2K"]', 'quality=null'], price: ['1USD/image', '2CNY/call'] }),
  ).toEqual({
    like: 'a',
    size: { tiers: ['1K', '2K'], default: { tier: '1K' } },
    perCall: 2,
    quality: null,
    prices: [
      { amount: 1, currency: 'USD', per: 'image' },
      { amount: 2, currency: 'CNY', per: 'call' },
    ],
  });
  expect(change(before, { set: ['size={"default":null}'] }).size).toEqual({ tiers: ['1K'], default: null });
  expect(change(before, { unset: ['size.default.tier', 'perCall'] })).toEqual({ like: 'a', size: { tiers: ['1K'] } });
  change(before, { set: ['__proto__.polluted=true'] });
  expect({}).not.toHaveProperty('polluted');
});

test('what is set is found again among the words of the row, whatever it is', () => {
  const word = fc.stringMatching(/^[a-z]{1,6}$/).filter((one) => one !== 'like' && one !== 'origin');
  const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));
  const value = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()), fc.string());
  fc.assert(
    fc.property(path, value, (at, json) => {
      const row = change({ like: 'a' }, { set: [`${at}=${JSON.stringify(json)}`] });
      expect(wordsOf(row)).toEqual([at.split('.')]);
      expect(at.split('.').reduce((part: Json, name) => (part as OwnRow)[name]!, row)).toEqual(json);
      expect(change(row, { unset: [at] })).toEqual({ like: 'a' });
    }),
  );
});

/** As core refuses: with the place. */
const refusing = (path: readonly string[], isRight: (value: Json | undefined) => boolean) => (row: OwnRow) => {
  const value = path.reduce<Json | undefined>((part, name) => (part as OwnRow | undefined)?.[name], row);
  if (!isRight(value)) throw new ImageError('config', 'must be other', { details: { path } });
};

test('text needs no quotes, and what looks like a number is text where a word takes that', () => {
  const isText = (value: Json | undefined) => typeof value === 'string';
  expect(change({}, { set: ['label=Mia=1'] }, refusing(['label'], isText))).toEqual({ label: 'Mia=1' });
  expect(change({}, { set: ['label=7', 'perCall=4'] }, refusing(['label'], isText))).toEqual({
    label: '7',
    perCall: 4,
  });
  const isNumber = (value: Json | undefined) => typeof value === 'number';
  expect(() => change({}, { set: ['perCall=many'] }, refusing(['perCall'], isNumber))).toThrow('must be other');
  expect(() => change({}, { set: ['perCall=true'] }, refusing(['perCall'], isNumber))).toThrow('must be other');
  const range = ({ perCall }: OwnRow) => {
    if (typeof perCall === 'number' && perCall > 0) return;
    const problem = typeof perCall === 'number' ? 'must be 1 or more' : 'must be a number';
    throw new ImageError('config', problem, { details: { path: ['perCall'] } });
  };
  expect(() => change({}, { set: ['perCall=0'] }, range)).toThrow('must be 1 or more');
  const isList = (value: Json | undefined) => Array.isArray(value);
  expect(() => change({}, { set: ['size.tiers=[1K]'] }, refusing(['size', 'tiers'], isList))).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(`--set 'size.tiers=["1K", "2K"]'`) }),
  );
});

test.each([
  [{ set: ['perCall'] }, 'has no value'],
  [{ set: ['=4'] }, 'has no value'],
  [{ set: ['size..tiers=4'] }, 'is no path'],
  [{ set: ['like=a'] }, 'like is not changed by --set'],
  [{ unset: ['origin'] }, 'origin is not changed by --unset'],
  [{ set: ['perCall=4', 'perCall=5'] }, 'perCall is given twice'],
  [{ set: ['size={}', 'size.tiers=[]'] }, 'size and size.tiers are both given'],
  [{ set: ['size.tiers=[]'], unset: ['size'] }, 'size.tiers and size are both given'],
  [{ set: ['prices=[]'], price: ['1USD/image'] }, 'prices is given twice'],
])('%j contradicts itself or says nothing', (flags, message) => {
  expect(() => readChanges(flags)).toThrow(
    expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining(message) }),
  );
});

test('a word that is not set is not unset, and the nearest is told', () => {
  expect(() => change({ like: 'a', perCall: 4 }, { unset: ['perCal'] })).toThrow(
    expect.objectContaining({ code: 'not-found', hint: 'Did you mean perCall? Set: perCall.' }),
  );
});
