import { expect, test } from 'vitest';
import { addPlugin } from './add.ts';

test('where nobody can be asked, a folder that is not there is told before a yes is asked for', async () => {
  await expect(addPlugin('./nosuch', {})).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('there is nothing at'),
  });
  await expect(addPlugin('anyimage-provider-paint', {})).rejects.toThrow('there is no terminal to ask at');
});
