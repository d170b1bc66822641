import { expect, test } from 'vitest';
import { trust } from './trust.ts';

test('a folder that is not there is told, whether trust is given or taken', async () => {
  for (const flags of [{}, { yes: true }, { remove: true }] as const) {
    await expect(trust('nosuch', flags)).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no folder nosuch',
    });
  }
});
