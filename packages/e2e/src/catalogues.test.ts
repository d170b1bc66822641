// Models that exist in a service's catalogue alone: everywhere where written ones are, kept on disk, and asked for anew. A catalogue that
// fails spoils nothing.

import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Hub, type HubModel, hubPlugin, startHub } from './catalogue-hub.ts';
import { install } from './plugins.ts';
import { newPerson, type Person } from './run-cli.ts';
import { newServer } from './run-mcp.ts';

const tomorrow: HubModel = { id: 'tomorrow-9', name: 'Tomorrow 9', sizes: ['96x64', '128x64'], price: 0.07 };

let hub: Hub;
let person: Person;
const clients: Client[] = [];
beforeEach(async () => {
  hub = await startHub(tomorrow);
  person = await newPerson({ ...hub.env, ANYIMAGE_KEYCHAIN: 'off' });
  await install(person.home, [hubPlugin()]);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await hub.close();
});

async function connect() {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(await newServer(person.env)));
  clients.push(client);
  return async (name: string, words: Record<string, unknown> = {}) => {
    const { content, structuredContent } = await client.callTool({ name, arguments: words });
    const text = (content as { text?: string }[]).map((one) => one.text ?? '').join('\n');
    return { text, document: structuredContent as Record<string, unknown> };
  };
}

const keptFile = () => join(person.home, 'models', 'hub.json');
const kept = async () => JSON.parse(await readFile(keptFile(), 'utf8'));
const asked = () => hub.requests.map(({ point }) => point);

/** As if the catalogue had been asked for long ago. */
async function age(days: number) {
  const { listed, ...rest } = await kept();
  const at = Date.now() - days * 86_400_000;
  await writeFile(keptFile(), JSON.stringify({ ...rest, listed: { ...listed, at } }));
}

/** The day on which it runs, which may be another when it ends. */
const aDay = /^\d{4}-\d\d-\d\d$/;

test('at the command line they are listed, priced, drawn, chosen by auto, and refused with the nearest value', async () => {
  const refreshed = await person.run('models', 'hub', '--refresh');
  expect([refreshed.code, refreshed.stderr]).toEqual([
    0,
    expect.stringMatching(/^hub lists 2 models; not in our table: tomorrow-9$/m),
  ]);
  expect(refreshed.stdout).toMatch(/hub\/tomorrow-9 +stable +\d{4}-\d\d-\d\d catalogue +set +0\.07 USD/);
  const { models } = JSON.parse((await person.run('models', 'hub/tomorrow-9', '--json')).stdout);
  expect(models).toMatchObject([
    { model: 'hub/tomorrow-9', origin: 'catalogue', checked: expect.stringMatching(aDay) },
  ]);
  expect((await person.run('models', 'hub/tomorrow-9')).stdout).toMatch(/from +the service's own catalogue/);

  const plan = async (...words: readonly string[]) =>
    JSON.parse((await person.run('a boat', '--dry-run', '--json', ...words)).stdout).plan;
  expect(await plan('-m', 'hub/tomorrow-9', '-n', '2')).toMatchObject({ estimate: { amount: 0.14, currency: 'USD' } });
  expect(await plan('-m', 'auto', '--size', '128x64', '--prefer', 'quality')).toMatchObject({
    model: 'hub/tomorrow-9',
  });

  const much = await person.run('a boat', '-m', 'hub/tomorrow-9', '--size', '1024x512');
  expect([much.code, much.stderr]).toEqual([2, expect.stringContaining('128x64')]);
  expect(asked()).toEqual(['models']);

  const made = await person.run('a boat', '-m', 'hub/tomorrow-9', '--size', '128x64', '-o', 'boat.png');
  expect(made).toMatchObject({ code: 0, stdout: 'boat.png\n' });
  expect(hub.requests.at(-1)!.body).toMatchObject({ model: 'tomorrow-9', width: 128, height: 64 });
  expect((await person.run('doctor')).stdout).toMatch(/hub: 2 models of its catalogue, asked /);
});

test('the server lists, prices, draws and chooses them', async () => {
  await person.run('models', 'hub', '--refresh');
  const call = await connect();
  const { text, document } = await call('list_models', { text: 'tomorrow' });
  expect(text).toMatch(
    /^hub\/tomorrow-9: “Tomorrow 9”; on this machine; by the service's catalogue of \d{4}-\d\d-\d\d; 0\.07 USD/,
  );
  expect(document.models).toMatchObject([
    { model: 'hub/tomorrow-9', origin: 'catalogue', checked: expect.stringMatching(aDay) },
  ]);
  const words = { prompt: 'a boat', size: '128x64', model: 'auto', route: { prefer: 'quality' } };
  expect((await call('generate_image', words)).document).toMatchObject({ images: [{ model: 'hub/tomorrow-9' }] });
  const much = { prompt: 'a boat', size: '1024x512', model: 'hub/tomorrow-9', negotiation: 'strict' };
  expect((await call('generate_image', much)).text).toContain('128x64');
});

test.each([[['-m', 'hub/tomorrow-9']], [['-m', 'auto', '--size', '128x64']]])(
  'the first call that needs a catalogue asks for it: %j',
  async (words) => {
    const { code, stderr } = await person.run('a boat', ...words, '-o', 'boat.png');
    expect([code, stderr, asked()]).toEqual([0, expect.stringContaining('hub/tomorrow-9'), ['models', 'generate']]);
    const again = await person.run('a boat', '-m', 'hub/nope');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('has no model "nope"')]);
    expect(asked()).toEqual(['models', 'generate']);
  },
);

test('so does the first call of the server, before the person is asked for the price, and a plan', async () => {
  const call = await connect();
  const words = { prompt: 'a boat', model: 'hub/tomorrow-9' };
  const config = join(person.home, 'config.json');
  await writeFile(config, JSON.stringify({ askAbove: { amount: 0.05, currency: 'USD' } }));
  const asking = await call('generate_image', words);
  expect(asking.text).toContain('0.07 USD, and the person wants to be asked above 0.05 USD');
  expect(asked()).toEqual(['models']);
  await rm(keptFile());
  await rm(config);
  expect((await call('generate_image', words)).document).toMatchObject({ images: [{ model: 'hub/tomorrow-9' }] });
  expect((await kept()).listed.models).toHaveLength(2);
  await rm(keptFile());
  const plan = await person.run('a boat', '-m', 'hub/tomorrow-9', '--dry-run', '--json');
  expect(JSON.parse(plan.stdout).plan).toMatchObject({ model: 'hub/tomorrow-9' });
});

test('a model that only a catalogue has can be made the usual one', async () => {
  expect(await person.run('use', 'hub/tomorrow-9')).toMatchObject({ code: 0 });
  const plan = await person.run('a boat', '--dry-run', '--json');
  expect(JSON.parse(plan.stdout).plan).toMatchObject({ model: 'hub/tomorrow-9' });
  expect(asked()).toEqual(['models']);
});

test('an old catalogue is asked for beside a call, and what it says holds for the next one', async () => {
  await person.run('models', 'hub', '--refresh');
  await age(8);
  hub.lists([{ ...tomorrow, price: 0.09 }]);
  hub.reset();
  hub.slow();
  const made = await person.run('a boat', '-m', 'hub/tomorrow-9', '-o', 'boat.png');
  expect([made.code, asked().sort()]).toEqual([0, ['generate', 'models']]);
  expect((await kept()).listed.models).toMatchObject([{ id: 'tomorrow-9', row: { prices: [{ amount: 0.09 }] } }]);
  hub.reset();
  const plan = await person.run('a boat', '-m', 'hub/tomorrow-9', '--dry-run', '--json');
  expect(JSON.parse(plan.stdout).plan.estimate).toMatchObject({ amount: 0.09 });
  expect(asked()).toEqual([]);
});

test('the server does the same, and its next answer tells of it', async () => {
  await person.run('models', 'hub', '--refresh');
  await age(8);
  hub.lists([{ ...tomorrow, price: 0.09 }]);
  hub.slow();
  const call = await connect();
  const words = { prompt: 'a boat', model: 'hub/tomorrow-9' };
  expect((await call('generate_image', words)).document).toMatchObject({ images: [{ model: 'hub/tomorrow-9' }] });
  expect((await call('list_models', { text: 'hub/tomorrow-9' })).text).toContain('0.09 USD');
});

test('one that does not answer ends with the call, and Ctrl-C ends both', async () => {
  await person.run('models', 'hub', '--refresh');
  await age(8);
  const before = await readFile(keptFile(), 'utf8');
  hub.fault({ on: 'models', kind: 'hang', times: 'always' });
  const made = await person.run('a boat', '-m', 'hub/tomorrow-9', '-o', 'boat.png');
  expect([made.code, made.stderr]).toEqual([0, expect.not.stringContaining('catalogue')]);
  hub.fault({ on: 'generate', kind: 'hang' });
  const submitted = hub.next('request', ({ point }) => point === 'generate');
  const { child, ended } = person.start('a boat', '-m', 'hub/tomorrow-9');
  await submitted;
  // The first waits for a picture that is on the way.
  const isHeld = once(child.stderr!, 'data');
  child.kill('SIGINT');
  await isHeld;
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(await readFile(keptFile(), 'utf8')).toBe(before);
});

test('a first question that is not answered holds a call up for 5 s at most', async () => {
  hub.fault({ on: 'models', kind: 'hang', times: 'always' });
  const from = Date.now();
  const made = await person.run('a boat', '-m', 'hub/tomorrow-9');
  expect([made.code, made.stderr]).toEqual([2, expect.stringContaining('has no model "tomorrow-9"')]);
  expect(Date.now() - from).toBeLessThan(20_000);
});

test.each([
  ['is down', () => hub.fault({ on: 'models', kind: 'cut', times: 'always' })],
  ['is of another shape', () => hub.lists([null, 7])],
  ['has rows of another shape', () => hub.lists([{ ...tomorrow, sizes: 'all', price: 'free' }])],
])('a catalogue that %s leaves what was kept, and is told in one line', async (_, spoil) => {
  await person.run('models', 'hub', '--refresh');
  const before = await readFile(keptFile(), 'utf8');
  spoil();
  const { code, stdout, stderr } = await person.run('models', '--refresh');
  const told = stderr
    .trim()
    .split('\n')
    .filter((line) => line.includes('hub'));
  expect([code, told]).toEqual([3, [expect.stringMatching(/^warning: hub could not be asked: .+/)]]);
  expect(stdout).toMatch(/hub\/tomorrow-9 +stable +\d{4}-\d\d-\d\d catalogue/);
  expect(await readFile(keptFile(), 'utf8')).toBe(before);
});

test('of a hostile catalogue what is right counts, and the rest is told in one line', async () => {
  const bad = ['__proto__', 'constructor x', 'line\nbreak', '\u001b[31mred', 'a\u202eb', ''];
  hub.lists([
    ...bad.map((id) => ({ ...tomorrow, id })),
    { ...tomorrow, id: 'free', price: -1 },
    { ...tomorrow, id: 'odd', sizes: ['0x0', 'large'] },
    tomorrow,
    ...Array.from({ length: 3000 }, (_, index) => ({ ...tomorrow, id: `m-${index}` })),
  ]);
  const { code, stderr, stdout } = await person.run('models', 'hub', '--refresh', '--json');
  expect(code).toBe(0);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(4);
  const { models } = JSON.parse(stdout) as { models: { model: string; origin: string }[] };
  const fromThere = models.filter(({ origin }) => origin === 'catalogue').map(({ model }) => model);
  expect(fromThere).toContain('hub/tomorrow-9');
  expect(fromThere.length).toBeLessThanOrEqual(2000);
  expect(fromThere.filter((name) => !/^hub\/(?:tomorrow-9|m-\d+)$/.test(name))).toEqual([]);
});

test('two that ask at once keep a whole list', async () => {
  const both = await Promise.all([1, 2].map(() => person.run('models', 'hub', '--refresh')));
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect((await kept()).listed.models).toHaveLength(2);
});

test('where nothing can be kept, it is shown all the same, and said once', async () => {
  hub.lists(Array.from({ length: 100 }, (_, index) => ({ ...tomorrow, id: `m-${index}` })));
  const { code, stdout, stderr } = await person.startWithin('ulimit -f 8', ['models', 'hub', '--refresh']).ended;
  expect([code, stdout]).toEqual([3, expect.stringContaining('hub/m-99')]);
  expect(stderr.match(/could not keep the models of services/g)).toHaveLength(1);
  await mkdir(join(person.home, 'models', 'hub.json'), { recursive: true });
  const made = await person.run('a boat', '-m', 'hub/m-1', '-o', 'boat.png');
  expect([made.code, made.stderr.match(/hub\.json/g)]).toEqual([0, ['hub.json']]);
});

test('a damaged file is told once, and what came with the code holds', async () => {
  await mkdir(join(person.home, 'models'));
  await writeFile(keptFile(), '{"version":1,"listed":');
  const { code, stdout, stderr } = await person.run('models', 'hub');
  expect([code, stdout]).toEqual([0, expect.stringContaining('hub/hub-1')]);
  expect(stderr.match(/hub\.json: it is damaged/g)).toHaveLength(1);
});
