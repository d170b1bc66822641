// A job that somebody waits for is nobody else's: whatever is asked of its ticket meanwhile, one process fetches it.

import { join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

let service: Emulator;
let person: Person;
beforeEach(async () => {
  service = await emulator.start({ checks: 1000 });
  person = await newPerson({ ...service.env, ANYIMAGE_KEYCHAIN: 'off' });
});
afterEach(() => service.close());

const checks = () => service.requests.filter(({ point }) => point === 'check').length;

async function openTickets() {
  const store = fileTicketStore(join(person.home, 'tickets'));
  const tickets = await store.list();
  await store.close();
  return tickets;
}

/** What others hear who ask for the ticket. */
async function expectHeld(id: string) {
  expect(await person.run('jobs', 'resume')).toMatchObject({ code: 0, stdout: '' });
  const answers = [
    [['resume', id], 2],
    [['cancel', id], 2],
    [['drop', id, '--yes'], 1],
  ] as const;
  for (const [words, code] of answers) {
    const asked = await person.run('jobs', ...words);
    expect(asked).toMatchObject({ code, stdout: '', stderr: expect.stringContaining('another program is at work on') });
  }
  expect(await openTickets()).toMatchObject([{ id, state: 'submitted' }]);
}

test('of who asked for it, and of who resumed it', async () => {
  const asking = person.start('a boat', '-m', 'cogview/glm-image', '-o', 'boat.png');
  await service.waitFor(() => checks() > 0);
  const id = (await openTickets())[0]!.id;
  await expectHeld(id);
  asking.child.kill('SIGINT');
  expect((await asking.ended).code).toBe(130);

  const before = checks();
  const resuming = person.start('jobs', 'resume', id);
  await service.waitFor(() => checks() > before);
  await expectHeld(id);
  for (const job of service.jobs.values()) (job as { checksLeft: number }).checksLeft = 0;
  expect(await resuming.ended).toMatchObject({ code: 0, stdout: 'boat.png\n' });
  expect(await openTickets()).toEqual([]);
  expect(service.submissions).toBe(1);
});
