// fast-check with more cases, whatever a test asks for: what the tests get in its place in npm run test:long.
// A property that computes gets ANYIMAGE_CASES, one that waits (for streams, files, an emulator) a hundredth of them, so that
// no system runs out of ports. Each ends after ANYIMAGE_MINUTES, which is no failure.
import * as fc from '../node_modules/fast-check/lib/fast-check.js';

export * from '../node_modules/fast-check/lib/fast-check.js';

const cases = Number(process.env.ANYIMAGE_CASES);
const interruptAfterTimeLimit = Number(process.env.ANYIMAGE_MINUTES) * 60_000;

export function assert(property, given) {
  const numRuns = property.isAsync() ? Math.ceil(cases / 100) : cases;
  return fc.assert(property, { ...given, numRuns, interruptAfterTimeLimit });
}

export default { ...fc, assert };
