import { expect, test } from 'vitest';
import { keyProblem } from './key-shape.ts';

test.each(['test-key', 'sk-proj-0123456789abcdef', '0123456789abcdef0123456789abcdef.AbCdEfGh'])(
  '%s looks like a key',
  (key) => {
    expect(keyProblem(key)).toBeUndefined();
  },
);

test.each([
  ['', 'empty'],
  ['short', 'too short'],
  ['sk-01234567\n', 'ends with'],
  ['"sk-01234567"', 'quotation marks'],
  ['Bearer sk-01234567', 'Bearer'],
  ['sk-0123 4567', 'space'],
  ['sk-0123–4567', 'letters'],
  ['your-api-key-here', 'placeholder'],
  ['<YOUR_KEY>', 'placeholder'],
  ['sk-xxxxxxxxxxxx', 'placeholder'],
])('%j does not, and it is said why', (key, reason) => {
  expect(keyProblem(key)).toContain(reason);
});
