// The command line on prompts in other languages, on -m auto, and on jobs that a person no longer wants.

import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as zhipu } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';

const running: Emulator[] = [];
afterEach(() => Promise.all(running.splice(0).map((service) => service.close())));

async function started(factory: typeof zhipu, options: Parameters<typeof zhipu.start>[0] = {}): Promise<Emulator> {
  const service = await factory.start(options);
  running.push(service);
  return service;
}

test('a German prompt is translated once, and the sidecar and --json say so', async () => {
  const service = await started(zhipu);
  const person = await newPerson(service.env);
  const german = 'Ein Papierboot bei Sonnenaufgang';
  const first = await person.run(german, '-m', 'cogview', '--json');
  expect(JSON.parse(first.stdout)).toMatchObject({
    prompt: { original: german, sent: 'A paper boat at sunrise' },
    applied: [{ option: 'prompt', because: expect.stringContaining('German') }],
  });
  await person.run(german, '-m', 'cogview');
  await person.run(german, '-m', 'cogview', '--translate', 'never');
  const bodies = service.requests.filter(({ point }) => point === 'generate').map(({ body }) => body);
  expect(bodies).toMatchObject([
    { prompt: 'A paper boat at sunrise' },
    { prompt: 'A paper boat at sunrise' },
    { prompt: german },
  ]);
  expect(service.requests.filter(({ point }) => point === 'chat')).toHaveLength(1);
});

test('-m auto takes what fits the wish, and says why', async () => {
  const person = await newPerson({ ZHIPU_API_KEY: 'test-key', OPENAI_API_KEY: 'test-key' });
  const plan = async (...words: string[]) => {
    const { stdout, code } = await person.run('a boat', '-m', 'auto', '--dry-run', '--json', ...words);
    expect(code).toBe(0);
    return JSON.parse(stdout).applied[0];
  };
  expect(await plan('--max-cost', '0.06 CNY', '--prefer', 'quality')).toMatchObject({
    asked: 'auto',
    sent: expect.stringMatching(/^cogview\/cogview-4/),
    because: expect.stringContaining('the dearest'),
  });
  expect((await plan('--background', 'transparent')).sent).toMatch(/^openai\//);
  const { code, stderr } = await person.run('a boat', '-m', 'auto', '--background', 'plaid');
  expect([code, stderr]).toEqual([2, expect.stringContaining('none of the')]);
});

test('a job that has not begun is cancelled at the service; one that cannot be is said to go on', async () => {
  const service = await started(bailian, { checks: 1000 });
  const person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'bailian/wan2.2-t2i-flash' });
  const job = person.start('a boat');
  await service.next('answered', ({ point }) => point === 'submit');
  await service.next('answered', ({ point }) => point === 'check');
  job.child.kill('SIGINT');
  expect((await job.ended).code).toBe(130);
  const { stdout } = await person.run('jobs', 'list', '--json');
  const id = /t-[0-9a-f]+/.exec(stdout)![0];
  const { code, stderr } = await person.run('jobs', 'cancel', id);
  expect([0, 1]).toContain(code);
  expect(stderr).toContain(code === 0 ? `cancelled ${id}` : 'too far to be cancelled');
  expect(service.requests.some(({ point }) => point === 'cancel')).toBe(true);
  const gone = await person.run('jobs', 'cancel', 't-00000000');
  expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('no ticket')]);
});

test('all jobs are cancelled at once, each for itself', async () => {
  const service = await started(bailian, { checks: 1000 });
  const person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'bailian/wan2.2-t2i-flash' });
  expect(await person.run('jobs', 'cancel', 'all')).toMatchObject({ code: 0, stderr: 'nothing to cancel\n' });
  for (const _ of ['one', 'two']) {
    const job = person.start('a boat');
    await service.next('answered', ({ point }) => point === 'submit');
    await service.next('answered', ({ point }) => point === 'check');
    job.child.kill('SIGINT');
    await job.ended;
  }
  const { pending } = JSON.parse((await person.run('jobs', 'list', '--json')).stdout);
  const { code, stderr } = await person.run('jobs', 'cancel', 'all');
  const refused = pending.filter(({ id }: { id: string }) => !stderr.includes(`cancelled ${id}`));
  for (const { id } of pending) expect(stderr).toContain(id);
  expect(code).toBe(refused.length > 0 ? 1 : 0);
  expect(service.requests.filter(({ point }) => point === 'cancel')).toHaveLength(2);
});
