import { expect, test } from 'vitest';
import type { Size, SizeRule } from '../../contract/capabilities.ts';
import { describeSizes, frameOf, judgeSize, sameRatio } from './size.ts';

const poster: SizeRule = {
  presets: ['1280x1280', '1728x960'],
  rules: [
    { side: [1024, 2048], pixels: [1, 4_194_304], multiple: 32 },
    { side: [512, 2048], pixels: [1, 4_194_304], multiple: 32, unsure: true },
  ],
  default: '1280x1280',
};
const framed: SizeRule = {
  ratios: ['1:1', '16:9'],
  tiers: ['1K', '2K'],
  pixels: { '1K': { '1:1': '1024x1024', '16:9': '1376x768' }, '2K': { '1:1': '2048x2048', '16:9': '2752x1536' } },
  default: { ratio: '1:1', tier: '1K' },
};

test.each<[Size, string, RegExp]>([
  ['1728x960', 'yes', /listed/],
  ['1024x2048', 'yes', /rules/],
  ['1056x992', 'unsure', /disagree/],
  ['1000x1200', 'no', /1000 px is less than 1024, 1000 and 1200 are not a multiple of 32/],
  ['2080x1024', 'no', /2080 px is more than 2048/],
  ['500x500', 'no', /500 is not a multiple of 32/],
])('%s: %s', (size, verdict, why) => {
  expect(judgeSize(size, poster)).toEqual({ verdict, why: expect.stringMatching(why) });
});

test('both ends of every range are included', () => {
  const rule: SizeRule = { rules: [{ side: [64, 128], pixels: [8192, 12_288], aspect: 1.5 }], default: 'auto' };
  expect(judgeSize('64x128', rule).why).toBe('it is longer than 1.5:1');
  expect(judgeSize('96x128', rule).verdict).toBe('yes');
  expect(judgeSize('96x86', rule).verdict).toBe('yes');
  expect(judgeSize('128x97', rule).why).toBe('12,416 px in all is more than 12,288');
  expect(judgeSize('90x91', rule).why).toBe('8,190 px in all is less than 8,192');
});

test('a size is legal for a model of ratios if a ratio gives exactly that size', () => {
  expect(judgeSize('2752x1536', framed).verdict).toBe('yes');
  expect(frameOf('2752x1536', framed)).toEqual({ aspectRatio: '16:9', resolution: '2K' });
  expect(judgeSize('1000x1000', framed)).toEqual({ verdict: 'no', why: 'not a listed size' });
});

test('a model without resolutions has only those of its default', () => {
  const { tiers: _, ...ratiosOnly } = framed;
  expect(frameOf('1376x768', ratiosOnly)).toEqual({ aspectRatio: '16:9' });
  expect(frameOf('2752x1536', ratiosOnly)).toBeUndefined();
});

test('a model without ratios has only the pictures of its default ratio', () => {
  const { ratios: _, ...tiersOnly } = framed;
  expect(frameOf('2048x2048', tiersOnly)).toEqual({ resolution: '2K' });
  expect(frameOf('2752x1536', tiersOnly)).toBeUndefined();
});

test('ratios are the same by value', () => {
  expect(sameRatio('32:18', '16:9')).toBe(true);
  expect(sameRatio('2.39:1', '239:100')).toBe(true);
  expect(sameRatio('16:9', '9:16')).toBe(false);
});

test('what a model takes is said in words, without what is unsure', () => {
  expect(describeSizes(poster)).toBe(
    'each side 1024–2048 px, a multiple of 32, at most 4,194,304 px in all; or 1280x1280, 1728x960',
  );
  expect(describeSizes(framed)).toBe('aspect ratio 1:1, 16:9; resolution 1K, 2K');
  expect(describeSizes({ rules: [{ multiple: 16, aspect: 3, pixels: [655_360, 8_294_400] }], default: 'auto' })).toBe(
    'each side a multiple of 16, 655,360–8,294,400 px in all, at most 3:1 long',
  );
  expect(describeSizes({ default: '512x512' })).toBe('only its default, 512x512');
  expect(describeSizes({ rules: [{}], default: 'auto' })).toBe('any size');
});
