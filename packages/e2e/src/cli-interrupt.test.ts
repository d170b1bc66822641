// Ctrl-C at each point that a request may have come to: what is finished and what is paid for is kept, and it is said how to go on.

import { readdir } from 'node:fs/promises';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

let service: Emulator;
let person: Person;
afterEach(() => service.close());

/** A service that answers when it is let, and a person who draws with it. */
async function begin(): Promise<{ readonly answer: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  service = await emulator.start({ latencyMs: 1, clock: { now: () => Date.now(), sleep: () => promise } });
  person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'cogview' });
  return { answer: resolve };
}

test('what was sent comes home, and what was not is dropped', async () => {
  const { answer } = await begin();
  const { child, ended, says } = person.start('a boat', '-n', '4');
  await service.waitFor(() => service.requests.length === 2);
  child.kill('SIGINT');
  await says('2 pictures are on the way and may be billed: Ctrl-C again gives them up');
  answer();
  const { code, stdout, stderr } = await ended;
  expect([code, stdout.match(/\.png$/gm)?.length, service.submissions]).toEqual([130, 2, 2]);
  expect(stderr).toContain('interrupted before it was sent (2 times)');
  expect(stderr).not.toMatch(/it may have been billed|look at the account/);
});

test('the next Ctrl-C gives up what was sent, and says that it may be billed and where to look', async () => {
  await begin();
  const { child, ended, says } = person.start('a boat', '--json');
  await service.waitFor(() => service.requests.length === 1);
  child.kill('SIGINT');
  await says('1 picture is on the way');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ images: [], error: { code: 'aborted', mayHaveBeenBilled: true } });
  expect(await readdir(person.folder)).toEqual([]);
  expect(stderr).toContain('look at the account of the service');
  const [id = ''] = /jobs drop (t-[0-9a-f]+)/.exec(stderr)?.slice(1) ?? [];
  expect(await person.run('jobs', 'drop', id, '--yes')).toMatchObject({ code: 0 });
});

test('who sends another signal wants the process to end: it leaves no part, and the exit code tells', async () => {
  await begin();
  const { child, ended } = person.start('a boat', '--json');
  await service.waitFor(() => service.requests.length === 1);
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  expect(code).toBe(143);
  expect(JSON.parse(stdout)).toMatchObject({ images: [], error: { code: 'aborted' } });
  expect(await readdir(person.folder)).toEqual([]);
});

test('a download is waited for; given up, it leaves no part but a ticket', async () => {
  const { answer } = await begin();
  answer();
  service.fault({ on: 'result', kind: 'hang', at: 'body' });
  const hanging = service.next('fault', (request) => request.point === 'result');
  const { child, ended, says } = person.start('a boat');
  await hanging;
  child.kill('SIGINT');
  await says('Ctrl-C again gives it up');
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(await readdir(person.folder)).toEqual([]);
  const [id = ''] = /jobs resume (t-[0-9a-f]+)/.exec(stderr)?.slice(1) ?? [];
  expect(await person.run('jobs', 'resume', id)).toMatchObject({ code: 0 });
  expect(service.submissions).toBe(1);
});

test('a job goes on at the service, which is said at once, and is fetched later', async () => {
  const { answer } = await begin();
  answer();
  const checked = service.next('answered', (request) => request.point === 'check');
  const { child, ended } = person.start('a poster', '-m', 'cogview/glm-image');
  await checked;
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  const [id = ''] = /jobs resume (t-[0-9a-f]+)/.exec(stderr)?.slice(1) ?? [];
  const resumed = await person.run('jobs', 'resume', id, '--json');
  expect(resumed.code).toBe(0);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ images: [{ width: 1280, model: 'cogview/glm-image' }] });
  expect(service.submissions).toBe(1);
});
