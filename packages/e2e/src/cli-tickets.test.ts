// The command line after it was killed: what its tickets bring back, and where to.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { type Emulator, type EmulatorFactory, pngSize } from '@anyimage/testkit';
import { expect, type TestContext, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

async function begin(factory: EmulatorFactory, model: string, { onTestFinished }: TestContext) {
  const service = await factory.start({ checks: 0 });
  onTestFinished(() => service.close());
  const person = await newPerson({ ...service.env, ANYIMAGE_MODEL: model });
  return { service, person };
}

/** Runs a command and kills it as soon as it waits for all its jobs. */
async function kill(service: Emulator, person: Person, jobs: number, ...words: readonly string[]): Promise<void> {
  service.fault({ on: 'check', kind: 'hang', times: jobs });
  let waiting = 0;
  const allWait = service.next('fault', ({ point }) => point === 'check' && ++waiting === jobs);
  const { child, ended } = person.start(...words);
  await allWait;
  child.kill('SIGKILL');
  await ended;
}

async function pictures(person: Person, folder = '.'): Promise<string[]> {
  return (await readdir(join(person.folder, folder))).filter((name) => name.endsWith('.png')).sort();
}

test.concurrent.for([
  ['cogview/glm-image', cogview, 2, 2],
  ['bailian/wan2.2-t2i-flash', bailian, 6, 2],
] as const)('the pictures of %s get the names that they were to get', async ([model, factory, n, jobs], context) => {
  const { service, person } = await begin(factory, model, context);
  await writeFile(join(person.folder, 'out-2.png'), 'of an earlier day');
  await kill(service, person, jobs, 'a boat', '-n', String(n), '-o', 'out.png', '--force');
  const { code, stdout, stderr } = await person.run('jobs', 'resume', 'all', '--force');
  const names = Array.from({ length: n }, (_, index) => `out-${index + 1}.png`);
  expect({ code, names: stdout.trim().split('\n').sort(), pictures: await pictures(person) }, stderr).toEqual({
    code: 0,
    names,
    pictures: names,
  });
  for (const name of names) expect(pngSize(await readFile(join(person.folder, name)))).toBeDefined();
  expect(await readFile(join(person.folder, 'out-1.png.json'), 'utf8')).not.toContain('"output":');
  expect(service.submissions).toBe(jobs);
});

test.concurrent.for([
  ['cogview/cogview-4-250304', cogview],
  ['openai/gpt-image-2', openai],
] as const)(
  'a paid picture of %s that is too large comes when the limit is raised as the hint says',
  async ([model, factory], context) => {
    const { service, person } = await begin(factory, model, context);
    const made = await person.run('a boat', '--max-image-bytes', '100');
    expect(made).toMatchObject({ code: 1, stdout: '' });
    expect(made.stderr).toMatch(/more than the 100 allowed|longer than the 100 bytes allowed/);
    expect(made.stderr).toMatch(/--max-image-bytes/);
    await person.run('config', 'set', 'maxImageBytes', '101');
    const again = await person.run('jobs', 'resume');
    expect(again.stderr).toMatch(/The setting maxImageBytes comes from .*config\.json:2/);
    const raised = /--max-image-bytes (\d+)/.exec(again.stderr)?.[1] ?? '100000000';
    expect(await person.run('jobs', 'resume', '--max-image-bytes', raised)).toMatchObject({ code: 0 });
    expect(await pictures(person)).toHaveLength(1);
    expect(service.submissions).toBe(1);
  },
);

test.concurrent('a picture that could not be downloaded gets its number later', async (context) => {
  const { service, person } = await begin(cogview, 'cogview/cogview-4-250304', context);
  service.fault({ on: 'result', kind: 'status', status: 410 });
  const made = await person.run('a boat', '-n', '3', '-o', 'out.png');
  expect(made.code).toBe(3);
  expect(await pictures(person)).toHaveLength(2);
  expect(await person.run('jobs', 'resume', 'all')).toMatchObject({ code: 0 });
  expect(await pictures(person)).toEqual(['out-1.png', 'out-2.png', 'out-3.png']);
});

test.concurrent('--force does not replace what the same command has fetched', async (context) => {
  const { service, person } = await begin(cogview, 'cogview/glm-image', context);
  await writeFile(join(person.folder, 'out.png'), 'of an earlier day');
  await kill(service, person, 1, 'a boat', '-o', 'out.png', '--force');
  await kill(service, person, 1, 'a tree', '-o', 'out.png', '--force');
  const { code, stdout } = await person.run('jobs', 'resume', 'all', '--force');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^out\.png\nout-[0-9a-f]{4}\.png\n$/);
  const texts = await Promise.all(
    (await pictures(person)).map((name) => readFile(join(person.folder, name), 'latin1')),
  );
  expect(texts).toHaveLength(2);
  expect(texts).not.toContain('of an earlier day');
});

test.concurrent('a folder that cannot be used any more keeps no other ticket from its pictures', async (context) => {
  const { service, person } = await begin(cogview, 'cogview/glm-image', context);
  await mkdir(join(person.folder, 'drive'));
  await kill(service, person, 1, 'a boat', '-o', 'drive/out.png');
  await kill(service, person, 1, 'a tree', '-o', 'kept/out.png');
  await rm(join(person.folder, 'drive'), { recursive: true });
  await writeFile(join(person.folder, 'drive'), 'a file');
  const { code, stdout } = await person.run('jobs', 'resume', 'all', '--json');
  expect(code).toBe(0);
  const document = JSON.parse(stdout);
  expect(document.images.map(({ path }: { path: string }) => path)).toEqual([
    expect.stringMatching(/[\\/]boat-[0-9a-f]{4}\.png$/),
    join(person.folder, 'kept', 'out.png'),
  ]);
  expect(document.applied).toEqual([
    {
      option: 'output',
      asked: join(person.folder, 'drive', 'out.png'),
      sent: person.folder,
      because: expect.stringContaining('drive'),
    },
  ]);
  expect(await pictures(person)).toEqual([document.images[0].path.slice(person.folder.length + 1)]);
});

test.concurrent('what was cut off is uncertain: listed, passed over, and ended by dropping it', async (context) => {
  const { service, person } = await begin(cogview, 'cogview/cogview-4-250304', context);
  service.fault({ on: 'generate', kind: 'hang' });
  const sent = service.next('fault');
  const { child, ended } = person.start('a boat');
  await sent;
  const during = await person.run('jobs', 'list');
  expect(during.stdout).toMatch(/being sent/);
  const [id] = /t-[0-9a-f]{8}/.exec(during.stdout)!;
  const refused = await person.run('jobs', 'drop', id);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('another program is at work') });
  expect(await person.run('jobs', 'resume', 'all')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`${id} is being sent by another program: left alone`),
  });
  child.kill('SIGKILL');
  await ended;
  expect((await person.run('jobs', 'list')).stdout).toMatch(new RegExp(`${id} .*uncertain`));
  const { pending } = JSON.parse((await person.run('jobs', 'list', '--json')).stdout);
  expect(pending).toMatchObject([{ id, uncertain: true, prompt: 'a boat' }]);
  const resumed = await person.run('jobs', 'resume', 'all');
  expect(resumed).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(`${id} is uncertain`) });
  expect(await person.run('jobs', 'drop', id)).toMatchObject({ code: 0, stderr: `dropped ${id}\n` });
  expect((await person.run('jobs', 'list')).stderr).toContain('no open tickets');
  expect(service.submissions).toBe(1);
});

test.concurrent('six that fetch all tickets at once make each picture once, and none of them fails', async (context) => {
  const { service, person } = await begin(cogview, 'cogview/glm-image', context);
  await kill(service, person, 1, 'a boat', '-o', 'boat.png');
  await kill(service, person, 1, 'a tree', '-o', 'tree.png');
  const ended = await Promise.all(Array.from({ length: 6 }, () => person.run('jobs', 'resume', 'all', '--json')));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await pictures(person)).toEqual(['boat.png', 'tree.png']);
  const documents = ended.map(({ stdout }) => JSON.parse(stdout));
  const made = documents.flatMap(({ images }) => images.map(({ path }: { path: string }) => basename(path)));
  expect(made.sort()).toEqual(['boat.png', 'tree.png']);
  const costs = documents.flatMap(({ cost }) => (cost ?? []).map(({ amount }: { amount: number }) => amount));
  expect(costs.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(0.2);
  expect((await person.run('jobs', 'list')).stderr).toContain('no open tickets');
  expect(service.submissions).toBe(2);
});

test.concurrent('a ticket that an earlier version left is fetched like any other', async (context) => {
  const { service, person } = await begin(cogview, 'cogview/glm-image', context);
  await kill(service, person, 1, 'a boat', '-o', 'boat.png');
  const folder = join(person.home, 'tickets');
  const [ticket] = await fileTicketStore(folder).list();
  await rm(folder, { recursive: true });
  await mkdir(folder);
  await writeFile(join(folder, `${ticket!.id}.json`), JSON.stringify(ticket));
  expect((await person.run('jobs', 'list')).stdout).toContain(ticket!.id);
  expect(await person.run('jobs', 'resume', 'all')).toMatchObject({ code: 0, stdout: 'boat.png\n' });
  expect((await readdir(folder)).filter((name) => name.endsWith('.json'))).toEqual([]);
  expect(service.submissions).toBe(1);
});
