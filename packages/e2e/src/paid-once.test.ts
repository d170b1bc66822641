// Real processes, counted at the service: what is paid is paid once and kept, however many ask and however little the system gives.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { expect, type TestContext, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

async function begin({ onTestFinished }: TestContext) {
  const service = await cogview.start();
  onTestFinished(() => service.close());
  return { service, person: await newPerson(service.env) };
}

async function pictures({ folder }: Person): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
}

test.concurrent.for([24, 28, 34, 44, 60])(
  'with %i files that may be open, eight pictures are not asked for, or each that was paid is kept or on a ticket',
  async (files, context) => {
    const { service, person } = await begin(context);
    const { ended } = person.startWithin(`ulimit -n ${files}`, ['a boat', '-m', 'cogview', '-n', '8']);
    const { code, stderr } = await ended;
    const kept = await pictures(person);
    const names = await readdir(person.folder);
    const tickets = await fileTicketStore(join(person.home, 'tickets')).list();
    expect(kept.filter((name) => !names.includes(`${name}.json`))).toEqual([]);
    expect(kept.length + tickets.length, stderr).toBe(service.submissions);
    if (service.submissions > 0) return;
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('too many files are open') });
    expect(stderr).not.toContain('billed');
  },
);

test.concurrent('with 24 of them nothing is sent', async (context) => {
  const { service, person } = await begin(context);
  await person.startWithin('ulimit -n 24', ['a boat', '-m', 'cogview', '-n', '8']).ended;
  expect(service.submissions).toBe(0);
});

test.concurrent('two programs with one intent pay once, and both get the pictures', async (context) => {
  const { service, person } = await begin(context);
  const request = { prompt: 'a boat', model: 'cogview', n: 2, intent: 'job 7' };
  const ended = await Promise.all([1, 2].map(() => person.startWithin('', request).ended));
  const documents = ended.map(({ stdout }) => JSON.parse(stdout));
  const paths = documents.map(({ images }) => images.map(({ path }: { path: string }) => path).sort());
  expect(service.submissions).toBe(2);
  expect(paths[0]).toEqual((await pictures(person)).map((name) => join(person.folder, name)));
  expect(paths[1]).toEqual(paths[0]);
  const again = JSON.parse((await person.startWithin('', request).ended).stdout);
  expect(again.images).toHaveLength(2);
  expect(service.submissions).toBe(2);
});

test.concurrent('an intent whose program was killed is not paid again: nobody knows what became of it', async (context) => {
  const { service, person } = await begin(context);
  const request = { prompt: 'a boat', model: 'cogview', intent: 'job 8' };
  service.fault({ on: 'generate', kind: 'hang' });
  const sent = service.next('fault');
  const { child, ended } = person.startWithin('', request);
  await sent;
  child.kill('SIGKILL');
  await ended;
  const { error } = JSON.parse((await person.startWithin('', request).ended).stdout);
  expect(error).toMatchObject({ mayHaveBeenBilled: true, message: expect.stringContaining('nobody can say') });
  expect(service.submissions).toBe(1);
});

test.concurrent('an intent whose program was killed after the picture was made fetches it', async (context) => {
  const { service, person } = await begin(context);
  const request = { prompt: 'a boat', model: 'cogview', intent: 'job 9' };
  service.fault({ on: 'result', kind: 'hang' });
  const made = service.next('fault');
  const { child, ended } = person.startWithin('', request);
  await made;
  child.kill('SIGKILL');
  await ended;
  const { images } = JSON.parse((await person.startWithin('', request).ended).stdout);
  expect(images).toHaveLength(1);
  const [name] = await pictures(person);
  expect(JSON.parse(await readFile(join(person.folder, `${name}.json`), 'utf8'))).toMatchObject({ prompt: {} });
  expect(service.submissions).toBe(1);
});
