import { expect, test } from 'vitest';
import { sharedByName, sharedWork } from './shared-work.ts';

test('who asks while work is on its way waits for the next time, once for all', async () => {
  const ended: string[] = [];
  const turns: PromiseWithResolvers<void>[] = [];
  const run = sharedWork(() => {
    const turn = Promise.withResolvers<void>();
    turns.push(turn);
    return turn.promise;
  });
  const ask = (name: string) =>
    run().then(
      () => ended.push(name),
      () => ended.push(`${name} failed`),
    );
  const later = () => new Promise<void>((resolve) => setImmediate(resolve));
  const asked = [ask('first'), ask('second'), ask('third')];
  expect(turns).toHaveLength(1);
  turns[0]!.resolve();
  await later();
  expect([ended, turns.length]).toEqual([['first'], 2]);
  asked.push(ask('late'));
  turns[1]!.reject(new Error('the disk'));
  await later();
  expect([ended, turns.length]).toEqual([['first', 'second failed', 'third failed'], 3]);
  turns[2]!.resolve();
  await Promise.all(asked);
  expect(ended.at(-1)).toBe('late');
});

test('each name has work of its own', async () => {
  const done: string[] = [];
  const run = sharedByName(async (name) => {
    await null;
    done.push(name);
  });
  await Promise.all([run('a'), run('b'), run('a'), run('a')]);
  expect(done.sort()).toEqual(['a', 'a', 'b']);
  await run('a');
  expect(done).toHaveLength(4);
});
