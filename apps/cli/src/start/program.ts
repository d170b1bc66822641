// What can be typed. Commands load their code when they run, so that help costs nothing.

import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { note } from '../print/terminal/output.ts';
import { type MakeFlags, makeFlags, milliseconds, port } from '../request/flags.ts';
import type { Exit } from '../session/exit-code.ts';
import { addLibrary } from './program-library.ts';
import { addSettings } from './program-settings.ts';

/** The parser. `words` only decides whether the long help is needed. Parsing throws `CommanderError` and what commands throw. */
export async function createProgram(words: readonly string[], exit: Exit): Promise<Command> {
  const program = new Command('anyimage')
    .description('Make pictures from words, with any service or on this machine.')
    .usage('[options] <prompt...>')
    .version(manifest.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .argument('[prompt...]', 'what to draw; - reads it from stdin')
    .enablePositionalOptions()
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: () => {} })
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110) });
  for (const option of makeFlags()) program.addOption(option);
  program.action(async (prompt: string[], flags) => {
    if (words.length === 0) return exit(await showExamples());
    if (prompt.length === 1 && !words.includes('--') && !asksForPicture(flags)) {
      const { refuseMisprint } = await import('./misprint.ts');
      refuseMisprint(prompt[0]!, program.commands.map(nameOf));
    }
    const { make } = await import('../commands/pictures/make.ts');
    exit(await make(prompt, flags));
  });
  addModels(program, exit);
  addLibrary(program, exit);
  addJobs(program, exit);
  addSettings(program, exit);
  addEmulate(program, exit);
  if (words.some((word) => word === '--help' || word === '-h' || word === 'help')) {
    const { helpText } = await import('../print/help-text.ts');
    program.addHelpText('after', helpText());
  }
  return program;
}

/** Commands know --json, too; no other flag is given to what is no picture. */
function asksForPicture({ json: _, ...flags }: MakeFlags): boolean {
  return Object.keys(flags).length > 0;
}

function nameOf(command: Command): string {
  return command.name();
}

/** Nothing was asked: what could be. */
async function showExamples(): Promise<number> {
  const { examplesText } = await import('../print/help-text.ts');
  note(`anyimage makes pictures from words. ${examplesText()}\n\nanyimage --help shows all there is.`);
  return 2;
}

function addModels(program: Command, exit: Exit): void {
  program
    .command('models')
    .description('list the models: what they can do, what they cost, whether a key is set')
    .argument('[filter]', 'part of a name; a whole name shows all about one model')
    .option('--operation <name>', 'only models that can do this: edit, inpaint …')
    .option('--refresh', 'ask the services which models they have; nothing is billed')
    .option('--json', 'print JSON')
    .action(async (filter: string | undefined, flags) => {
      const { models } = await import('../commands/services/models.ts');
      exit(await models(filter, flags));
    });
  program
    .command('styles')
    .description('list the styles that --style and --enhance know: those that come with anyimage, and your own')
    .argument('[name]', 'shows the words of one')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags) => {
      const { styles } = await import('../commands/services/styles.ts');
      exit(await styles(name, flags));
    });
}

function addJobs(program: Command, exit: Exit): void {
  const jobs = program.command('jobs').description('pictures that are paid for and not here yet');
  jobs
    .command('list', { isDefault: true })
    .description('show the open tickets')
    .option('--json', 'print JSON')
    .action(async (flags) => {
      const { listJobs } = await import('../commands/jobs/list.ts');
      exit(await listJobs(flags));
    });
  jobs
    .command('resume')
    .description('fetch the pictures, without paying again')
    .argument('[id...]', 'tickets; default all')
    .option('-o, --output <path>', 'file or folder; default: as it was asked for')
    .option('--force', 'replace existing files')
    .option('--timeout <time>', 'for each ticket: ms, or 90s, 5m', milliseconds)
    .option('--json', 'print one JSON document instead of paths')
    .action(async (ids: string[], flags) => {
      const { resumeJobs } = await import('../commands/jobs/resume.ts');
      exit(await resumeJobs(ids, flags));
    });
  jobs
    .command('cancel')
    .description('end jobs at the service, where that can still be done')
    .argument('<id...>', 'tickets, or all')
    .action(async (ids: string[]) => {
      const { cancelJobs } = await import('../commands/jobs/cancel.ts');
      exit(await cancelJobs(ids));
    });
  jobs
    .command('drop')
    .description('forget tickets; what they stand for cannot be fetched any more')
    .argument('<id...>', 'tickets, or all')
    .option('-y, --yes', 'do not ask')
    .action(async (ids: string[], flags) => {
      const { dropJobs } = await import('../commands/jobs/drop.ts');
      exit(await dropJobs(ids, flags));
    });
}

function addEmulate(program: Command, exit: Exit): void {
  program
    .command('emulate')
    .description('imitate a service on this machine, for trying and testing without cost')
    .argument('[service]', 'its name; without one, the services are listed')
    .option('--port <number>', 'default: any that is free', port)
    .option('--key <key>', 'the only key it takes', 'test-key')
    .action(async (service: string | undefined, flags) => {
      const { emulate } = await import('../commands/services/emulate.ts');
      exit(await emulate(service, flags));
    });
}
