import { expect, test } from 'vitest';
import { emulator } from '../../examples/little/emulator.ts';
import { little } from '../../examples/little/provider.ts';
import { checkRefused, type Refused } from './refusals.ts';

const subject = { provider: little, emulator };
const fields = { model: 'little-1', prompt: 'a boat', n: 1 };
const sentence: Refused = {
  says: 'little-1 has no fog',
  to: 'pictures',
  json: { ...fields, fog: true },
  status: 400,
  holds: { error: 'fog' },
};
const check = (more: Partial<Refused> = {}) => checkRefused(subject, { ...sentence, ...more });

test('a sentence holds where the service refuses the request, and the table what a caller asks', async () => {
  await check();
  await check({ ask: { model: 'little/little-1', prompt: 'a boat', negativePrompt: 'fog' } });
});

test.each([
  ['the service takes the request', { json: fields }, /the service answers 200/],
  ['it refuses it otherwise', { headers: { authorization: '' } }, /the service answers 401/],
  ['it says something else', { holds: { error: 'mist' } }, /does not hold .*mist/],
  ['it says it elsewhere', { holds: { error: { message: 'fog' } } }, /does not hold/],
  ['the provider makes the picture', { ask: { model: 'little', prompt: 'a boat' } }, /the provider makes the picture/],
] as const)('it does not where %s', async (_, more, message) => {
  await expect(check(more)).rejects.toThrow(message);
});
