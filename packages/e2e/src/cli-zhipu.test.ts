// The command line against an imitated service: money, failures, tickets.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { type Emulator, pngSize } from '@anyimage/testkit';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

let service: Emulator;
let person: Person;
beforeEach(async () => {
  service = await emulator.start();
  person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'cogview' });
});
afterEach(() => service.close());

/** Everything that is on disk, as text. */
async function allFiles(): Promise<string> {
  const texts: string[] = [];
  for (const root of [person.folder, person.home]) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), 'latin1'));
    }
  }
  return texts.join('\n');
}

async function pictures(): Promise<string[]> {
  return (await readdir(person.folder)).filter((name) => !name.endsWith('.json'));
}

test('a picture comes from the service, with its source and price in the sidecar and the key nowhere', async () => {
  const { code, stdout, stderr } = await person.run('a paper boat', '--quality', 'hd', '-o', 'boat.png', '--json');
  expect(code).toBe(0);
  expect(service.submissions).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    images: [
      {
        path: join(person.folder, 'boat.png'),
        width: 1024,
        model: 'cogview/cogview-4-250304',
        sourceUrl: expect.stringContaining(service.origin),
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ],
    cost: [{ amount: 0.06, currency: 'CNY', estimated: true }],
    pending: [],
  });
  expect(pngSize(await readFile(join(person.folder, 'boat.png')))).toEqual({ width: 1024, height: 1024 });
  expect((await allFiles()) + stdout + stderr).not.toContain(service.key);
});

test('what was made is kept when a neighbour fails: exit 3, the paths and the error', async () => {
  service.fault({ on: 'generate', kind: 'refused' });
  const { code, stdout, stderr } = await person.run('a boat', '-n', '3', '-o', 'boat.png');
  expect(code).toBe(3);
  expect(stdout.trim().split('\n')).toHaveLength(2);
  expect(await pictures()).toHaveLength(2);
  expect(stderr).toContain('code 1301');
});

test('a refusal of the service is exit 1, with what a report needs', async () => {
  const { code, stdout } = await person.run('a boat [unsafe]', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    images: [],
    error: { code: 'content-blocked', serviceCode: '1301', status: 400, hint: expect.any(String) },
  });
});

test('a wrong key is said with host and variable, and is not shown', async () => {
  const stranger = await newPerson({ ...service.env, ZHIPU_API_KEY: 'a-wrong-test-key' });
  const { code, stdout, stderr } = await stranger.run('a boat', '-m', 'cogview');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/ZHIPU_API_KEY.*127\.0\.0\.1/);
  expect(stderr).not.toContain('a-wrong-test-key');
});

test('the sidecar of each of several pictures has the cost of that picture', async () => {
  const { stdout } = await person.run('a boat', '-n', '4', '-o', 'boats/', '--json');
  const { images, cost } = JSON.parse(stdout) as { images: { path: string }[]; cost: { amount: number }[] };
  const sidecars = await Promise.all(
    images.map(async ({ path }) => JSON.parse(await readFile(`${path}.json`, 'utf8'))),
  );
  expect(sidecars.map((sidecar) => sidecar.cost[0].amount)).toEqual([0.06, 0.06, 0.06, 0.06]);
  expect(cost[0]!.amount).toBeCloseTo(0.24);
});

test('a service that cannot be reached is exit 1: it was asked', async () => {
  const stranger = await newPerson({ ...service.env, ZHIPU_BASE_URL: 'http://127.0.0.1:9/v4' });
  const { code, stderr } = await stranger.run('a boat', '-m', 'cogview');
  expect(code).toBe(1);
  expect(stderr).toContain('refused the connection');
});

test('a refused size sends nothing', async () => {
  expect(await person.run('a boat', '--size', '1000x1001')).toMatchObject({ code: 2 });
  expect(service.requests).toHaveLength(0);
});

test('an existing output is refused before money is spent', async () => {
  await writeFile(join(person.folder, 'boat.png'), 'mine');
  expect(await person.run('a boat', '-o', 'boat.png')).toMatchObject({ code: 2 });
  expect(service.requests).toHaveLength(0);
});

test('a failed download leaves a ticket, and resuming it makes the file without paying again', async () => {
  service.fault({ on: 'result', kind: 'status', status: 410 });
  const failed = await person.run('a paper boat', '--json');
  const document = JSON.parse(failed.stdout);
  const id = document.pending[0].id;
  expect(failed.code).toBe(1);
  expect(document).toMatchObject({ images: [], error: { mayHaveBeenBilled: true }, pending: [{ state: 'delivered' }] });
  expect(document.error.hint).toContain(`anyimage jobs resume ${id}`);
  expect(await pictures()).toEqual([]);

  const listed = JSON.parse((await person.run('jobs', 'list', '--json')).stdout);
  expect(listed).toMatchObject({ pending: [{ id, prompt: 'a paper boat' }] });
  expect((await person.run('jobs')).stdout).toContain(id);
  expect(await allFiles()).not.toContain(service.key);

  const resumed = await person.run('jobs', 'resume', id);
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^paper-boat-[0-9a-f]{4}\.png\n$/) });
  expect(await pictures()).toEqual([resumed.stdout.trim()]);
  expect(service.submissions).toBe(1);
  expect(JSON.parse((await person.run('jobs', 'list', '--json')).stdout)).toEqual({ pending: [] });
});

test('resume with --json is one document for all tickets, and a file can be named for one', async () => {
  service.fault({ on: 'result', kind: 'status', status: 410, times: 3 });
  await person.run('a boat', '-n', '2');
  await person.run('a tree');
  const ids: string[] = JSON.parse((await person.run('jobs', 'list', '--json')).stdout).pending.map(
    (one: { id: string }) => one.id,
  );
  expect(ids).toHaveLength(3);
  expect(await person.run('jobs', 'resume', '-o', 'one.png')).toMatchObject({ code: 2 });
  expect(await person.run('jobs', 'resume', ids[0]!, '-o', 'one.png')).toMatchObject({ code: 0, stdout: 'one.png\n' });
  const { code, stdout } = await person.run('jobs', 'resume', 'all', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ images: [{}, {}], errors: [], pending: [] });
  expect(service.submissions).toBe(3);
});

test('dropping what is paid for needs a yes', async () => {
  service.fault({ on: 'result', kind: 'status', status: 410 });
  const id = JSON.parse((await person.run('a boat', '--json')).stdout).pending[0].id;
  const refused = await person.run('jobs', 'drop', id);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/--yes/) });
  expect(await person.run('jobs', 'drop', 't-unknown', '--yes')).toMatchObject({ code: 2 });
  expect(await person.run('jobs', 'drop', id, '--yes')).toMatchObject({ code: 0 });
  expect(JSON.parse((await person.run('jobs', 'list', '--json')).stdout)).toEqual({ pending: [] });
});

test('a damaged ticket is named, left alone and hides no other', async () => {
  service.fault({ on: 'result', kind: 'status', status: 410 });
  const id = JSON.parse((await person.run('a boat', '--json')).stdout).pending[0].id;
  const damaged = join(person.home, 'tickets', 't-damaged.json');
  await writeFile(damaged, '{"id": "t-dam');
  const { code, stdout, stderr } = await person.run('jobs', 'list');
  expect(code).toBe(0);
  expect(stdout).toContain(id);
  expect(stderr).toContain(damaged);
  expect(await readFile(damaged, 'utf8')).toBe('{"id": "t-dam');
});

test('tickets that were edited or damaged are listed, fetched as far as they say where their picture is, and dropped', async () => {
  service.fault({ on: 'result', kind: 'status', status: 410 });
  await person.run('a boat', '--json');
  const folder = join(person.home, 'tickets');
  const store = fileTicketStore(folder);
  const [ticket] = await store.list();
  await store.close();
  const damaged = {
    't-time': { at: 1e300, expiresAt: -1e300 },
    't-many': { request: { ...ticket!.request, n: 1e9 }, place: { first: 0, count: 1e9 } },
    't-words': { request: null, cost: 'free', place: 7, mode: {}, keyPrint: null, region: [] },
    't-null': { service: null, outputs: null, state: 'submitted', mode: 'job' },
  };
  for (const [id, changes] of Object.entries(damaged)) {
    await writeFile(join(folder, `${id}.json`), JSON.stringify({ ...ticket, id, ...changes }));
  }
  const listed = await person.run('jobs', 'list');
  expect(listed.code).toBe(0);
  for (const id of Object.keys(damaged)) expect(listed.stdout).toContain(id);
  const document = JSON.parse((await person.run('jobs', 'list', '--json')).stdout);
  expect(document.pending).toHaveLength(5);
  for (const id of ['t-time', 't-many', 't-words']) {
    expect(await person.run('jobs', 'resume', id)).toMatchObject({ code: 0, stdout: expect.stringContaining('.png') });
  }
  const lost = await person.run('jobs', 'resume', 't-null');
  expect(lost).toMatchObject({
    code: expect.toSatisfy((code: number) => code > 0),
    stderr: expect.stringMatching(/drop/),
  });
  expect(lost.stderr).not.toMatch(/\n\s+at /);
  expect(await person.run('jobs', 'drop', 't-null', '--yes')).toMatchObject({ code: 0 });
});

test('a killed process loses nothing that was submitted', async () => {
  const checked = service.next('answered', (request) => request.point === 'check');
  const { child, ended } = person.start('a poster', '-m', 'cogview/glm-image');
  await checked;
  child.kill('SIGKILL');
  await ended;
  expect(await person.run('jobs', 'resume')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^poster-/) });
  expect(service.submissions).toBe(1);
});

describe('what a killed process was to write', () => {
  /** A person whose process is killed while its job runs, in a folder with these files. Jobs wait for real, so all do at once. */
  async function killed(files: readonly string[], ...words: string[]): Promise<Person> {
    const own = await emulator.start();
    onTestFinished(() => own.close());
    const one = await newPerson(own.env);
    for (const name of files) {
      await mkdir(join(one.folder, dirname(name)));
      await writeFile(join(one.folder, name), 'here already');
    }
    const checked = own.next('answered', (request) => request.point === 'check');
    const { child, ended } = one.start('a poster', '-m', 'cogview/glm-image', ...words);
    await checked;
    child.kill('SIGKILL');
    await ended;
    return one;
  }
  const out = join('sub', 'out.webp');

  test('goes where it was to go', async () => {
    const resumed = async (one: Promise<Person>, ...words: string[]) =>
      (await (await one).run('jobs', 'resume', ...words)).stdout.trim();
    const plain = killed([], '-o', 'sub/out.webp');
    const [first, kept, replaced, inFolder, named] = await Promise.all([
      resumed(plain),
      // A file that is there by now is kept; a place that is named now wins.
      resumed(killed([out], '-o', 'sub/out.webp', '--force')),
      resumed(killed([out], '-o', 'sub/out.webp', '--force'), '--force'),
      resumed(killed([], '-o', 'folder/')),
      resumed(killed([], '-o', 'sub/other.webp'), '-o', 'here.png'),
    ]);
    expect([first, replaced, named]).toEqual([out, out, 'here.png']);
    expect(kept).toMatch(/^sub.out-[0-9a-f]{4}\.webp$/);
    expect(inFolder).toMatch(/^folder.poster-/);
    const { folder } = await plain;
    expect((await readFile(join(folder, out))).toString('latin1', 8, 12)).toBe('WEBP');
    expect(await readFile(join(folder, `${out}.json`), 'utf8')).not.toContain('"output":');
  });
});

test('emulate starts a service, prints what to set, and ends in order', async () => {
  const { child, ended, lines } = person.start('emulate', 'zhipu', '--key', 'another test-key');
  const settings = (await lines(2)).map((line) => /^export (\w+)=(.+)$/.exec(line)!.slice(1) as [string, string]);
  expect(settings[0]).toEqual(['ZHIPU_API_KEY', '"another test-key"']);
  const env = { [settings[0]![0]]: 'another test-key', [settings[1]![0]]: settings[1]![1] };
  const customer = await newPerson(env);
  expect(await customer.run('a boat', '-m', 'cogview', '-o', 'boat.png')).toMatchObject({ code: 0 });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining('1 submissions, 0.06 CNY') });
});

test('emulate refuses a port in use and a service that it does not know', async () => {
  const taken = await person.run('emulate', 'zhipu', '--port', String(service.port));
  expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('is in use') });
  expect(await person.run('emulate', 'zhipo')).toMatchObject({ code: 2, stderr: expect.stringContaining('zhipu') });
  expect(await person.run('emulate')).toMatchObject({ code: 2, stderr: expect.stringContaining('zhipu') });
});
