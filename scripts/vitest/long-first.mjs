// The order of test files: those of packages/e2e first. They take long and are not large, by which vitest would sort in a fresh clone: one
// of a minute came last, alone.
import { BaseSequencer } from 'vitest/node';

export default class LongFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }) => moduleId.includes('/packages/e2e/');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
