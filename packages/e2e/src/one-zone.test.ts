// Times are told in one zone, that of the person, wherever they are told; documents have them in UTC, which they say.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileTicketStore } from '@anyimage/host';
import { expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';

/** Noon of UTC, as it is told in each zone. */
const zones = {
  'Asia/Kathmandu': '2026-11-20 17:45',
  'America/St_Johns': '2026-11-20 08:30',
  'Pacific/Kiritimati': '2026-11-21 02:00',
  UTC: '2026-11-20 12:00',
} as const;
const noon = Date.UTC(2026, 10, 20, 12);

test.each(Object.entries(zones))('in %s noon of UTC is %s, everywhere', async (TZ, told) => {
  const person = await newPerson({ TZ });
  await person.run('a boat', '--size', '64x64', '-o', 'boat.png');
  const path = join(person.folder, 'boat.png.json');
  const sidecar = JSON.parse(await readFile(path, 'utf8'));
  const times = {
    createdAt: new Date(noon).toISOString(),
    sourceUrl: 'https://x.example',
    expiresAt: '2026-11-20T12:00:00Z',
  };
  await writeFile(path, JSON.stringify({ ...sidecar, ...times }));
  const tickets = fileTicketStore(join(person.home, 'tickets'));
  await tickets.create({
    id: 't-00000001',
    provider: 'cogview',
    model: 'glm-image',
    host: 'open.bigmodel.cn',
    region: 'cn',
    at: noon,
    intent: 'i-0',
    keyPrint: '',
    state: 'submitted',
    mode: 'job',
    service: { id: '1' },
    expiresAt: noon,
    request: { prompt: 'a boat', sent: 'a boat', n: 1 },
  });
  await tickets.close();

  const info = await person.run('info', 'boat.png');
  expect(info.stdout.match(/\d{4}-\d\d-\d\d[ T][\d:.Z]+/g)).toEqual([told, told]);
  const history = await person.run('history', '--rebuild');
  expect(history.stdout).toContain(told);
  const jobs = await person.run('jobs', 'list');
  expect(jobs.stdout.match(/\d{4}-\d\d-\d\d \d\d:\d\d/g)).toEqual([told, told]);

  // What programs read says its zone.
  const documents = await Promise.all(
    [['info', 'boat.png'], ['history'], ['jobs', 'list']].map((words) => person.run(...words, '--json')),
  );
  const inDocuments = documents.flatMap(({ stdout }) => stdout.match(/"2026-11-2[^"]*"/g) ?? []);
  expect(inDocuments.length).toBeGreaterThan(3);
  for (const time of inDocuments) expect(time).toMatch(/T12:00:00(\.000)?Z/);
});

test('times are put into words in one file', async () => {
  const packages = fileURLToPath(new URL('../../..', import.meta.url));
  const roots = ['apps/cli/src', 'apps/mcp/src', 'packages/host/src'].map((root) => join(packages, root));
  const wording = /toISOString|toLocale(Date|Time)|toDateString|getTimezoneOffset|getHours|getFullYear|DateTimeFormat/;
  const found: string[] = [];
  for (const root of roots) {
    for (const name of await readdir(root, { recursive: true })) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      if (wording.test(await readFile(join(root, name), 'utf8'))) found.push(name);
    }
  }
  expect(found).toEqual([join('text', 'units.ts')]);
});
