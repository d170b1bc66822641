// The commands on tickets.

import type { Command } from 'commander';
import { imageBytes, milliseconds } from '../request/flags.ts';
import { lazily } from './lazily.ts';

/** Adds jobs. */
export function addJobs(program: Command): void {
  const jobs = program.command('jobs').description('pictures that are paid for and not here yet');
  jobs
    .command('list', { isDefault: true })
    .description('show the open tickets')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/jobs/list.ts')).listTickets));
  jobs
    .command('resume')
    .description('fetch the pictures, without paying again')
    .argument('[id...]', 'tickets; default all')
    .option('-o, --output <path>', 'file or folder; default: as it was asked for')
    .option('--force', 'replace existing files')
    .option('--max-image-bytes <count>', 'the largest picture that is taken; default 64 MiB', imageBytes)
    .option('--timeout <time>', 'for each ticket: ms, or 90s, 5m', milliseconds)
    .option('--json', 'print one JSON document instead of paths')
    .action(lazily(async () => (await import('../commands/jobs/resume.ts')).resumeTickets));
  jobs
    .command('cancel')
    .description('end jobs at the service, where that can still be done')
    .argument('<id...>', 'tickets, or all')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/jobs/cancel.ts')).cancelJobs));
  jobs
    .command('drop')
    .description('forget tickets; what they stand for cannot be fetched any more')
    .argument('<id...>', 'tickets, or all')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/jobs/drop.ts')).dropTickets));
}
