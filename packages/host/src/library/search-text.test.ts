import { expect, test } from 'vitest';
import { searchQuery, searchText } from './search-text.ts';

test('letters of scripts without spaces become words, widths and case are evened out', () => {
  expect(searchText('一只红色的小猫')).toBe('一 只 红 色 的 小 猫');
  expect(searchText('Ａ Boat と ネコ')).toBe('a boat と ネ コ');
  expect(searchText('고양이 사진')).toBe('고 양 이 사 진');
});

test('a question is made of the beginnings of words, and of rows of letters', () => {
  expect(searchQuery('red bo')).toBe('"red"* "bo"*');
  expect(searchQuery('小猫 boat')).toBe('"小 猫"* "boat"*');
  expect(searchQuery('"quoted OR"')).toBe('"""quoted"* "or"""*');
  expect(searchQuery(' -- * ')).toBeUndefined();
});
