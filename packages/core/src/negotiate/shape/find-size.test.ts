import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ratio, Size, SizeConstraint, SizeRule } from '../../contract/capabilities.ts';
import { nearestSizes, sizeForRatio, sizeForResolution } from './find-size.ts';
import { formatSize, judgeSize, parseSize, ratioOf, sameRatio } from './size.ts';

const cogview: SizeRule = {
  presets: ['1024x1024', '768x1344', '864x1152', '1344x768', '1152x864', '1440x720', '720x1440'],
  rules: [{ side: [512, 2048], pixels: [1, 2 ** 21], multiple: 16, round: 32 }],
  default: '1024x1024',
};
const glm: SizeRule = {
  presets: ['1280x1280', '1568x1056', '1056x1568', '1472x1088', '1088x1472', '1728x960', '960x1728'],
  rules: [
    { side: [1024, 2048], pixels: [1, 2 ** 22], multiple: 32 },
    { side: [512, 2048], pixels: [1, 2 ** 22], multiple: 32, unsure: true },
  ],
  default: '1280x1280',
};

const areaOf = (size: Size) => parseSize(size).width * parseSize(size).height;

describe('a size for an aspect ratio', () => {
  test.each<[Ratio, Size]>([
    ['1:1', '1024x1024'],
    ['4:3', '1152x864'],
    ['2:1', '1440x720'],
    ['3:2', '1248x832'],
    ['2:3', '832x1248'],
    ['16:9', '1536x864'],
    ['32:18', '1536x864'],
  ])('%s is %s, exactly', (ratio, size) => {
    expect(sizeForRatio(ratio, cogview)).toEqual({ size, exact: true });
  });

  test('a ratio with no exact size of a usual area gets the best within 2 %', () => {
    const found = sizeForRatio('2.39:1', cogview)!;
    expect(found.exact).toBe(false);
    expect(Math.abs(ratioOf(found.size.replace('x', ':')) / 2.39 - 1)).toBeLessThan(0.02);
    expect(areaOf(found.size) / 1024 ** 2).toBeCloseTo(1, 0);
    expect(judgeSize(found.size, cogview).verdict).toBe('yes');
  });

  test('presets alone serve ratios within 2 % of theirs', () => {
    const rule: SizeRule = { presets: ['1024x1024', '1344x768'], default: '1024x1024' };
    expect(sizeForRatio('16:9', rule)).toEqual({ size: '1344x768', exact: false });
    expect(sizeForRatio('3:2', rule)).toBeUndefined();
  });

  test('of two equally near areas the smaller is taken', () => {
    const rule: SizeRule = { presets: ['30x10', '20x15', '40x30', '36x25'], rules: [{}], default: '25x30' };
    expect(sizeForRatio('4:3', rule)).toEqual({ size: '20x15', exact: true });
  });

  test('the table has the first word on what a ratio gives', () => {
    const rule: SizeRule = {
      ratios: ['16:9'],
      pixels: { '1K': { '16:9': '1376x768' } },
      default: { ratio: '1:1', tier: '1K' },
    };
    expect(sizeForRatio('16:9', rule)).toEqual({ size: '1376x768', exact: true });
  });

  test('impossible and absurd ratios get none', () => {
    for (const ratio of ['0:1', '1:0', '10:1', '0.0000001:1', `${'9'.repeat(400)}:1`] as Ratio[]) {
      expect(sizeForRatio(ratio, cogview)).toBeUndefined();
    }
  });
});

describe('a size for a resolution', () => {
  test.each<[string, Ratio | undefined, SizeRule, Size | undefined]>([
    ['1K', undefined, cogview, '1024x1024'],
    ['1k', '16:9', cogview, '1536x864'],
    ['2K', undefined, cogview, undefined],
    ['1K', undefined, glm, '1024x1024'],
    ['2K', undefined, glm, '2048x2048'],
    ['2K', '16:9', glm, '2048x1152'],
    ['4K', '16:9', glm, undefined],
    ['4K', undefined, glm, undefined],
    ['HD', undefined, glm, undefined],
  ])('%s at %s', (tier, ratio, rule, size) => {
    expect(sizeForResolution(tier, ratio, rule)?.size).toBe(size);
  });

  test('the table has the first word', () => {
    const rule: SizeRule = { ...glm, pixels: { '2K': { '1:1': '1920x1920' } } };
    expect(sizeForResolution('2k', undefined, rule)).toEqual({ size: '1920x1920', exact: true });
  });
});

describe('the nearest sizes', () => {
  test('come from presets and rules, best first', () => {
    expect(nearestSizes('1000x1000', cogview)).toEqual(['992x992', '1024x1024', '1152x864']);
    expect(nearestSizes('5000x5000', cogview, 1)).toEqual(['1440x1440']);
    expect(nearestSizes('1700x950', glm, 1)).toEqual(['1728x960']);
  });

  test('an unsure rule suggests nothing', () => {
    expect(nearestSizes('512x512', { rules: [{ side: [512, 512], unsure: true }], default: 'auto' })).toEqual([]);
  });

  test('a limit of pixels holds for presets and rules', () => {
    const sizes = nearestSizes('1000x1000', cogview, 20, 1_000_000);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.every((size) => areaOf(size) <= 1_000_000)).toBe(true);
  });
});

const length = fc.integer({ min: 1, max: 9000 });
const constraint: fc.Arbitrary<SizeConstraint> = fc
  .record({
    side: fc.option(
      fc
        .tuple(fc.integer({ min: 1, max: 2048 }), fc.integer({ min: 0, max: 6144 }))
        .map(([a, b]) => [a, a + b] as const),
      { nil: undefined },
    ),
    pixels: fc.option(
      fc.tuple(fc.nat({ max: 4_000_000 }), fc.nat({ max: 8_000_000 })).map(([a, b]) => [a, a + b] as const),
      { nil: undefined },
    ),
    aspect: fc.option(fc.double({ min: 1, max: 8, noNaN: true }), { nil: undefined }),
    multiple: fc.option(fc.constantFrom(1, 2, 8, 14, 16, 32, 64), { nil: undefined }),
    round: fc.option(fc.constantFrom(16, 32, 64), { nil: undefined }),
    unsure: fc.option(fc.constant(true as const), { nil: undefined, freq: 4 }),
  })
  .map((rule) => JSON.parse(JSON.stringify(rule)));
const size = fc.tuple(length, length).map(([width, height]) => formatSize({ width, height }));
const rule: fc.Arbitrary<SizeRule> = fc.record({
  presets: fc.array(size, { maxLength: 4 }),
  rules: fc.array(constraint, { maxLength: 3 }),
  default: fc.oneof(size, fc.constant('auto' as const)),
});
const ratio = fc
  .tuple(fc.integer({ min: 1, max: 64 }), fc.constantFrom(0, 0.5, 0.39), fc.integer({ min: 1, max: 64 }))
  .map(([a, part, b]): Ratio => `${a + part}:${b}`);

describe('for any rule', () => {
  test('whatever is suggested is accepted', () => {
    fc.assert(
      fc.property(rule, size, ratio, fc.constantFrom('1K', '2K', '4K', '0.5K'), (rules, asked, shape, tier) => {
        const suggested = [
          ...nearestSizes(asked, rules, 10),
          sizeForRatio(shape, rules)?.size,
          sizeForResolution(tier, shape, rules)?.size,
        ];
        for (const found of suggested) if (found) expect(judgeSize(found, rules).verdict).toBe('yes');
      }),
      { numRuns: 300 },
    );
  });

  test('a legal size is its own nearest, wherever core may pick it', () => {
    fc.assert(
      fc.property(rule, size, (rules, asked) => {
        const [found] = nearestSizes(asked, { ...rules, rules: rules.rules!.map(({ round: _, ...rest }) => rest) });
        if (judgeSize(asked, rules).verdict === 'yes') expect(found).toBe(asked);
      }),
      { numRuns: 300 },
    );
  });

  test('a size of a ratio has that ratio, or one within 2 % and says so', () => {
    fc.assert(
      fc.property(rule, ratio, (rules, shape) => {
        const found = sizeForRatio(shape, rules);
        if (!found) return;
        const own = found.size.replace('x', ':');
        expect(sameRatio(own, shape)).toBe(found.exact);
        expect(Math.abs(Math.log(ratioOf(own) / ratioOf(shape)))).toBeLessThanOrEqual(Math.log(1.02));
      }),
    );
  });

  test('a limit that a division just misses does not hide the sizes beside it', () => {
    const only = { side: [1, 6], pixels: [0, 12], aspect: 2.999999999, multiple: 2 } as const;
    expect(nearestSizes('1x4', { rules: [only], default: 'auto' }, 1)).toEqual(['2x4']);
  });

  test('of two sizes about as near, the one that keeps a side comes first', () => {
    const rules: SizeRule = {
      rules: [{ side: [16, 3840], multiple: 16, pixels: [655_360, 8_294_400] }],
      default: '1024x1024',
    };
    expect(nearestSizes('1920x1080', rules, 1)).toEqual(['1920x1088']);
    expect(nearestSizes('1080x1920', rules, 1)).toEqual(['1088x1920']);
  });

  test('of two sizes about as near, the one that keeps a side and about the ratio comes first', () => {
    const rules: SizeRule = { rules: [{ side: [64, 4096] }], default: '1024x1024' };
    expect(nearestSizes('63x64', rules, 1)).toEqual(['64x64']);
    expect(nearestSizes('64x63', rules, 1)).toEqual(['64x64']);
  });

  test('no legal size is nearer than the one suggested, but for a little if that keeps a side', () => {
    const small = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }));
    const limits = fc.record({
      side: small.map(([a, b]) => [a, a + b] as const),
      pixels: fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 600 })).map(([a, b]) => [a, a + b] as const),
      aspect: fc.double({ min: 1, max: 4, noNaN: true }),
      multiple: fc.constantFrom(1, 2, 3, 4),
    });
    const far = (one: Size, other: Size) => {
      const [a, b] = [parseSize(one), parseSize(other)];
      const shape = Math.log((a.width * b.height) / (a.height * b.width));
      return Math.hypot(2 * shape, Math.log((a.width * a.height) / (b.width * b.height)));
    };
    const tiny = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(limits, tiny, tiny, (only, width, height) => {
        const rules: SizeRule = { rules: [only], default: 'auto' };
        const asked = formatSize({ width, height });
        let least: number | undefined;
        for (let across = 1; across <= 40; across++) {
          for (let down = 1; down <= 40; down++) {
            const candidate: Size = `${across}x${down}`;
            if (judgeSize(candidate, rules).verdict !== 'yes') continue;
            least = Math.min(least ?? Number.POSITIVE_INFINITY, far(candidate, asked));
          }
        }
        const [found] = nearestSizes(asked, rules, 1);
        expect(found === undefined).toBe(least === undefined);
        if (!found || least === undefined) return;
        const kept = parseSize(found).width === width || parseSize(found).height === height;
        if (kept) expect(far(found, asked)).toBeLessThanOrEqual(least / 0.85 + 1e-9);
        else expect(far(found, asked)).toBeCloseTo(least, 9);
      }),
      { numRuns: 200 },
    );
  });
});
