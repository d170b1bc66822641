// Every deliberate break is seen, of a service that has every word.

import { describe, expect, test } from 'vitest';
import { emulator } from '../examples/studio/emulator.ts';
import { studio } from '../examples/studio/provider.ts';
import { breaks, cases, conformance, seesBreaks } from './conformance.ts';
import { testCodec } from './index.ts';

const subject = { provider: studio, emulator, codec: testCodec() };

conformance(subject);
seesBreaks(subject);

describe('the breaks', () => {
  test('name cases that there are, and are each possible for this provider', () => {
    const ids = new Set(cases.map(({ id }) => id));
    expect(breaks.filter(({ caught }) => !ids.has(caught))).toEqual([]);
    const impossible = breaks.filter(({ possible }) => possible && possible(subject) !== true);
    expect(impossible).toEqual([]);
    const skipped = breaks.filter(({ caught }) => cases.find(({ id }) => id === caught)!.applies(subject) !== true);
    expect(skipped).toEqual([]);
  });
});
