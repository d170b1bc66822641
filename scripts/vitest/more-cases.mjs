// fast-check with more cases, whatever a test asks for: what the tests get in its place in npm run test:long.
// A property that computes gets ANYIMAGE_CASES, or ANYIMAGE_MINUTES. One that waits (for streams, files, an emulator) gets a
// hundredth of the cases and a minute: it would run out of ports, and its test has a time limit. To stop by time is no failure.
import * as fc from '../../node_modules/fast-check/lib/fast-check.js';

export * from '../../node_modules/fast-check/lib/fast-check.js';

const cases = Number(process.env.ANYIMAGE_CASES);
const limit = Number(process.env.ANYIMAGE_MINUTES) * 60_000;

export function assert(property, given) {
  const more = property.isAsync()
    ? { numRuns: Math.ceil(cases / 100), interruptAfterTimeLimit: Math.min(limit, 60_000) }
    : { numRuns: cases, interruptAfterTimeLimit: limit };
  return fc.assert(property, { ...given, ...more });
}

export default { ...fc, assert };
