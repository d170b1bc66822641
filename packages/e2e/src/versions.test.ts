// Versions beside each other in one home. `first-version` holds the files that the command line of the first version wrote: a budget,
// its ledger and the index of a picture that was made; the tickets of one to be fetched, and of one that was being made. (A clean
// checkout has no earlier version to run.)

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { expect, type TestContext, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

const firstVersion = fileURLToPath(new URL('../first-version', import.meta.url));

async function begin({ onTestFinished }: TestContext) {
  const service = await cogview.start({ checks: 0 });
  onTestFinished(() => service.close());
  return { service, person: await newPerson(service.env) };
}

/** The home, as if it had been in use here and now, with a service at `host`. */
async function moveIn({ home, folder }: Person, host: string): Promise<void> {
  await cp(firstVersion, home, { recursive: true });
  for (const name of await readdir(join(home, 'tickets'))) {
    const path = join(home, 'tickets', name);
    const text = (await readFile(path, 'utf8'))
      .replaceAll(/127\.0\.0\.1:\d+/g, host)
      .replaceAll('/tmp/anyimage-first/pictures', folder)
      .replaceAll(/"expiresAt": \d+/g, `"expiresAt": ${Date.now() + 3_600_000}`);
    await writeFile(path, text);
  }
}

/** A row for each amount that the ledger has, and the version of its form. */
function readLedger(home: string) {
  const database = new DatabaseSync(join(home, 'budget.sqlite'), { readOnly: true });
  try {
    const amounts = database.prepare('SELECT amount FROM spending ORDER BY entry').all();
    const { user_version: version } = database.prepare('PRAGMA user_version').get()!;
    return { version, amounts: amounts.map(({ amount }) => amount) };
  } finally {
    database.close();
  }
}

test.concurrent('a home of the first version is used as it is: nothing in it is lost, or paid again', async (context) => {
  const { service, person } = await begin(context);
  // What the service made for the program of the first version.
  const earlier = await newPerson(service.env);
  for (const model of ['cogview', 'cogview', 'cogview/glm-image']) await earlier.run('a picture', '-m', model);
  await moveIn(person, new URL(service.origin).host);
  const before = readLedger(person.home);
  expect(before).toEqual({ version: 0, amounts: [60_000, 60_000, 100_000] });
  const { pending } = JSON.parse((await person.run('jobs', 'list', '--json')).stdout);
  expect(pending.map(({ prompt, state }: Record<string, string>) => [prompt, state])).toEqual([
    ['a tree', 'delivered'],
    ['a house', 'submitted'],
  ]);
  const { stdout, stderr } = await person.run('jobs', 'resume', 'all');
  expect(stdout, stderr).toBe('tree.png\nhouse.png\n');
  expect(service.submissions).toBe(3);
  expect((await person.run('a new boat', '-m', 'cogview', '-o', 'new.png')).code).toBe(0);
  const history = (await person.run('history')).stdout;
  for (const name of ['boat.png', 'tree.png', 'house.png', 'new.png']) expect(history).toContain(name);
  expect(readLedger(person.home)).toEqual({ version: 1, amounts: [...before.amounts, 60_000] });
  const config = join(person.home, 'config.json');
  expect(await readFile(config)).toEqual(await readFile(join(firstVersion, 'config.json')));
});

async function writeDatabase(path: string): Promise<void> {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE other (words TEXT); PRAGMA user_version = 99');
  database.close();
}

const write = (text: string) => (path: string) => writeFile(path, text);
const budget = '{ "budget": { "currency": "CNY", "perDay": 10 } }';

test.concurrent.for([
  ['library.sqlite', writeDatabase, { made: true, told: /library\.sqlite was made by a newer version/g }],
  [
    'tickets/a.journal',
    write('{"journal":2}\n{"x":1}\n'),
    { made: true, told: /a\.journal was made by a newer version/g },
  ],
  ['budget.sqlite', writeDatabase, { made: false, told: /budget\.sqlite was made by a newer version/g }],
  ['config.json', write('{ "version": 2, "other": 1 }'), { made: false, told: /this config is of version 2/g }],
] as const)(
  '%s of a newer version stays as it is, and that is told in one line',
  async ([name, make, { made, told }], context) => {
    const { service, person } = await begin(context);
    const path = join(person.home, name);
    await mkdir(dirname(path), { recursive: true });
    await make(path);
    if (name === 'budget.sqlite') await writeFile(join(person.home, 'config.json'), budget);
    const bytes = await readFile(path);
    const { stdout, stderr } = await person.run('a boat', '-m', 'cogview', '-o', 'boat.png');
    expect({ stdout, submissions: service.submissions }, stderr).toEqual(
      made ? { stdout: 'boat.png\n', submissions: 1 } : { stdout: '', submissions: 0 },
    );
    expect(stderr.match(told), stderr).toHaveLength(1);
    expect(await readFile(path)).toEqual(bytes);
    const around = (await readdir(dirname(path))).filter((other) => other.startsWith(name.split('/').at(-1)!));
    expect(around).toEqual([name.split('/').at(-1)]);
  },
);
