import { expect, test } from 'vitest';
import { plain } from './paint.ts';
import { tableText } from './table.ts';

test('columns are as wide as their widest cell, also in scripts of double width', () => {
  const rows = [
    ['ID', 'PROMPT', 'STATE'],
    ['t-1', '帆船', 'made'],
    ['t-22', 'boats', ''],
  ];
  expect(tableText(rows, plain).split('\n')).toEqual(['ID    PROMPT  STATE', 't-1   帆船    made', 't-22  boats']);
});
