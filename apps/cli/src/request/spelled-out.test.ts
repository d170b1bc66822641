import { expect, test } from 'vitest';
import { spelledOut } from './spelled-out.ts';

test('the clipboard is a picture like others, once', () => {
  expect(spelledOut({ clipboard: true, seed: 7 })).toEqual({ seed: 7, image: ['clipboard'] });
  expect(spelledOut({ clipboard: true, image: ['a.png', 'clipboard'] })).toEqual({ image: ['a.png', 'clipboard'] });
});

test('regions become one mask in words', () => {
  expect(spelledOut({ maskRegion: ['0,0,50%,40%'] })).toEqual({ mask: 'rect 0,0,50%,40%' });
  expect(spelledOut({ mask: 'top half', maskRegion: ['1,2,3,4', '5,6,7,8'], maskEllipse: ['50%,50%,9,9'] })).toEqual({
    mask: 'top half; rect 1,2,3,4; rect 5,6,7,8; ellipse 50%,50%,9,9',
  });
});

test('a region beside a mask that is a picture is refused', () => {
  expect(() => spelledOut({ mask: 'mask.png', maskRegion: ['1,2,3,4'] })).toThrow(/--mask mask.png is a picture/);
});
