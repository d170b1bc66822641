import { expect, test } from 'vitest';
import { withStyle } from './styles.ts';

const styles = { ink: 'ink on paper' };

test('the words of an own style are added to the prompt, and it is said', () => {
  expect(withStyle('a boat', 'ink', styles)).toEqual({
    prompt: 'a boat, ink on paper',
    applied: { option: 'style', asked: 'ink', sent: null, because: expect.stringContaining('ink') },
  });
});

test.each(['vivid', undefined, 'toString'])('the style %s is not in the config: the prompt stays', (name) => {
  expect(withStyle('a boat', name, styles)).toEqual({ prompt: 'a boat' });
});
