import { tmpdir } from 'node:os';
import { findStyle, providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import { makeFlags } from '../request/flags.ts';
import { afterText, examplesText, helpText } from './help-text.ts';
import { width } from './terminal/wrap.ts';

test.each([80, 110])('the help fits %i columns', (columns) => {
  for (const line of afterText(helpText(), columns).split('\n')) expect(width(line)).toBeLessThanOrEqual(columns);
});

test('the examples name what there is', async () => {
  const text = examplesText(100);
  const flags = makeFlags().flatMap(({ short, long }) => [short, long]);
  for (const [, flag] of text.matchAll(/ (--?[a-z]+)/g)) expect(flags).toContain(flag);
  expect(providers.map(({ definition }) => definition.id)).toContain(/-m (\w+)/.exec(text)![1]);
  const style = /--style ([\w-]+)/.exec(text)![1]!;
  expect(await findStyle(style, { config: {}, home: tmpdir(), layers: [] })).toMatchObject({ from: 'shipped' });
});
