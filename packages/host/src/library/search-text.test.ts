import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../files/sqlite.ts';
import { addPictures, findPictures, prepareIndex } from './picture-index.ts';
import { searchQuery, searchText } from './search-text.ts';

/** Which of some texts a prompt is found by, in a real index. */
async function finderOf() {
  const database = await openDatabase(':memory:');
  prepareIndex(database);
  return (prompt: string, search: string): boolean => {
    const facts = { anyimage: 1, prompt: { original: prompt, sent: prompt }, model: 'paint/paint-1' };
    addPictures(database, [{ path: '/a.png', sidecar: facts }]);
    return findPictures(database, { search }).length === 1;
  };
}

test('letters of scripts without spaces become words, widths and case are evened out', () => {
  expect(searchText('一只红色的小猫')).toBe('一 只 红 色 的 小 猫');
  expect(searchText('Ａ Boat と ネコ')).toBe('a boat と ネ コ');
  expect(searchText('고양이 사진')).toBe('고 양 이 사 진');
  expect(searchText('“Élan”, don’t!')).toBe('elan don t');
});

test('a question is made of the beginnings of words, and of rows of letters', () => {
  expect(searchQuery('red bo')).toBe('"red"* "bo"*');
  expect(searchQuery('小猫 boat')).toBe('"小 猫"* "boat"*');
  expect(searchQuery('"quoted OR"')).toBe('"quoted"* "or"*');
  expect(searchQuery(' -- * ')).toBeUndefined();
});

test.each([
  ['a rocket 🚀 to the moon', '🚀', '🚀 moon'],
  ['a boat⛵️by night', '⛵', 'boat⛵', '⛵️by'],
  ['an astronaut 👩🏽‍🚀', '👩🏽‍🚀', '👩', '🚀'],
  ['the flag 🇩🇪 and 1️⃣', '🇩🇪', '1️⃣'],
  ['stop ‼️ now', '‼️', '‼'],
  ['eine Straße in GROẞ', 'straße', 'STRASSE', 'strasse', 'groß', 'gross'],
  ['ΟΔΟΣ και Σίσυφος', 'οδος', 'οδός', 'ΣΙΣΥΦΟΣ', 'σίσυφος'],
  ['İstanbul ışık', 'istanbul', 'ISTANBUL', 'isik'],
  ['แมวสีแดงนอนบนเรือ', 'แมว', 'สีแดง', 'เรือ', 'นอนบน'],
  ['ແມວສີແດງ', 'ສີ', 'ແດງ'],
  ['ឆ្មាក្រហម', 'ក្រហម'],
  ['ကြောင်နီ', 'နီ'],
  ['हिन्दी में बिल्ली', 'बिल्ली', 'हिन्दी'],
  ['猫と船、が', '船', 'と船', 'が'],
  ['ﾈｺ カメラ', 'ネコ', 'カメ', 'メラ'],
  ['붉은 고양이', '고양', '고양이'.normalize('NFD')],
  ['cafe\u0301 na\u00efve', 'café', 'cafe', 'naive', 'nai\u0308ve'],
  ['ёлка и йод', 'елка', 'ёлка', 'ЙОД'],
  ['می‌خواهم مُدَرِّس', 'می‌خواهم', 'میخواهم', 'مدرس'],
  ['שָׁלוֹם', 'שלום', 'שָׁלוֹם'],
  ['בֵּית־סֵפֶר׃ יפה', 'בית', 'ספר', 'סֵפֶר', 'בית־ספר', 'בית ספר'],
  ['كتـــاب جميل', 'كتاب', 'كِتَاب', 'كتــاب'],
  ['كتاب جميل', 'كتـاب'],
  ['བོད་ཡིག་དམར་པོ།', 'ཡིག', 'དམར་པོ།', 'བོད་ཡིག'],
  ['क्षत्रिय ज्ञान।', 'क्ष', 'क्षत्रिय', 'ज्ञान'],
  ['ﬁsh in ﬆyle', 'fish', 'ﬁsh', 'style'],
  ['ＦＵＬＬ　ｗｉｄｔｈ', 'full', 'ｆｕｌｌ', 'width'],
  ['a "paper boat"', '"paper boat"', '“paper', 'paper-boat'],
  ['100 € → 5 ₿', '€', '→', '₿ 5'],
  ['𠮷野家 𰻞面', '𠮷', '𰻞'],
])('%j is found by %j', async (prompt, ...searches) => {
  const finds = await finderOf();
  expect(searches.filter((search) => !finds(prompt, search))).toEqual([]);
});

test.each([
  ['が', 'か'],
  ['a boat', 'oat'],
  ['猫小', '小猫'],
  ['แมวสีแดง', 'แดงสี'],
])('%j is not found by %j', async (prompt, search) => {
  expect((await finderOf())(prompt, search)).toBe(false);
});

/** Letters and signs of all kinds, each as one sees it. Words of the second kind have no spaces between them. */
const spaced = [...'abzäéßÅøđłİıςσΣάњйЁאבשمنيകനमबதி'];
const unspaced = [
  '猫',
  '船',
  '𠮷',
  'が',
  'ﾎﾞ',
  'ー',
  '々',
  'ネ',
  '고',
  '각',
  'ที่',
  'สี',
  'เ',
  'กำ',
  'ແດ',
  'ក្រ',
  'ကြောင်',
].concat(['🚀', '👩🏽‍🚀', '🇩🇪', '👍🏿', '1️⃣', '❤️', '‼️', '™', '☂', '€', '→']);
const wordOf = (signs: readonly string[]) => fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 8 });
const changes: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => text.normalize('NFD'),
  (text) => text.normalize('NFC'),
];

test('each word of a prompt finds it, and where there are no spaces each row of signs, in every case and form', async () => {
  const finds = await finderOf();
  const change = fc.constantFrom(...changes);
  const words = fc.array(fc.oneof(wordOf(spaced), wordOf(unspaced)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), fc.nat(), change, (prompt, at, from, length, changed) => {
      const word = prompt[at % prompt.length]!;
      const start = unspaced.includes(word[0]!) ? from % word.length : 0;
      const sought = word.slice(start, start + 1 + (length % (word.length - start))).join('');
      const text = prompt.map((signs) => signs.join('')).join(' ');
      expect({ text, sought, isFound: finds(text, changed(sought)) }).toMatchObject({ isFound: true });
    }),
    { numRuns: 300 },
  );
});

test('each word of any text finds it, unless it is of marks and points alone', async () => {
  const finds = await finderOf();
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1 }), (words) => {
      const text = words.join(' ');
      const missed = text.split(/\s+/).filter((word) => searchText(word) !== '' && !finds(text, word));
      expect(missed).toEqual([]);
      const lost = words.filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word) && !searchText(word));
      expect(lost.filter((word) => !/^\P{L}*$|\p{Default_Ignorable_Code_Point}/u.test(word))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
