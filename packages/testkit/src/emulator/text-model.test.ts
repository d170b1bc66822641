import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeText } from './text-model.ts';

const translate = 'Translate the description of a picture into English. Keep every detail.';
const intoChinese = 'Translate it into Traditional Chinese. Keep all.';
const enhance = 'Rewrite the short description of a picture. Style: Translate nothing into words.';

describe('an emulated text model', () => {
  test.each([
    [translate, '雪山', 'A snowy mountain'],
    ['Translate to English.', ' 雪山\n', 'A snowy mountain'],
    ['Translate.', '雪山', 'A snowy mountain'],
    ['Translate.', 'ein Hut', '[in English] ein Hut'],
    [translate, 'Ein Hut mit [[1]]', '[in English] Ein Hut mit [[1]]'],
    [translate, 'Ein Schild mit der Aufschrift [[1]]', 'A sign that says [[1]]'],
    [translate, '__proto__', '[in English] __proto__'],
    [intoChinese, '雪山', '[in Traditional Chinese] 雪山'],
    [enhance, '雪山', '雪山, in soft morning light'],
    ['', 'a hat', 'a hat, in soft morning light'],
  ])('told %j makes of %j %j', (system, text, written) => {
    expect(writeText(system, text)).toBe(written);
  });

  test('changes whatever it is given, and loses nothing of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(intoChinese, enhance), fc.string({ unit: 'binary' }), (system, text) => {
        const written = writeText(system, text);
        expect(written.trim()).not.toBe(text.trim());
        expect(written).toContain(text.trim());
      }),
    );
  });

  test('takes any system text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (rest, text) => {
        expect(writeText(`Translate into ${rest}`, text)).not.toBe(text.trim());
      }),
    );
  });
});
