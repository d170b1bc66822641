// From words on the command line to a command and its exit code. The only place that catches.

import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { keepStdout, quietPipes } from '../print/terminal/output.ts';
import { type MakeFlags, makeFlags } from '../request/flags.ts';
import { refuseRepeats } from '../request/repeated-flags.ts';
import { handOn } from './flags-before.ts';
import { addJobs } from './program-jobs.ts';
import { addPictures } from './program-pictures.ts';
import { addPlugins } from './program-plugins.ts';
import { addEmulate, addModels, addProviders } from './program-services.ts';
import { addSettings } from './program-settings.ts';

/** How long what a plugin left behind may hold up the end. */
const patienceMs = 500;

/** Runs the command line and leaves its result in `process.exitCode`. Never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  quietPipes();
  keepStdout();
  try {
    const program = createProgram(args);
    const asksForHelp = args.some((word) => word === '--help' || word === '-h' || word === 'help');
    if (asksForHelp || mayNameOperation(program, args)) {
      const { addOperations } = await import('./program-operations.ts');
      await addOperations(program);
    }
    if (asksForHelp) {
      const { helpHere } = await import('../print/help-text.ts');
      program.addHelpText('after', await helpHere());
    }
    refuseRepeats(program);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // --help and --version
    const { reportFailure } = await import('./failure.ts');
    process.exitCode = reportFailure(error, args);
  } finally {
    // A plugin, which has been handed core then, may leave timers and connections behind.
    if (Symbol.for('@anyimage/core') in globalThis) setTimeout(() => process.exit(), patienceMs).unref();
  }
}

/** What can be typed, in the order of the help. Parsing throws `CommanderError` and what commands throw. */
function createProgram(args: readonly string[]): Command {
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
  program.hook('preSubcommand', handOn);
  program.action(async (prompt: string[], flags: MakeFlags) => {
    if (prompt.length === 1 && !args.includes('--') && !asksForPicture(flags)) {
      const { refuseMisprint } = await import('./misprint.ts');
      const commands = program.commands.map((command) => command.name());
      refuseMisprint(prompt[0]!, commands);
    }
    process.exitCode = await makePictures(prompt, flags);
  });
  addModels(program);
  addPictures(program);
  addJobs(program);
  addProviders(program);
  addPlugins(program);
  addSettings(program);
  addEmulate(program);
  return program;
}

/** Commands know --json, too; no other flag is given to what is no picture. */
function asksForPicture(flags: MakeFlags): boolean {
  return Object.keys(flags).some((flag) => flag !== 'json');
}

async function makePictures(prompt: readonly string[], flags: MakeFlags): Promise<number> {
  const { make } = await import('../commands/pictures/make.ts');
  return make(prompt, flags);
}

/** Whether an operation of models may be meant, which are looked up then: two words or more, of which the first is no command and no sentence. */
function mayNameOperation(program: Command, args: readonly string[]): boolean {
  const [first = '', ...others] = args.filter((word) => !word.startsWith('-'));
  return others.length > 0 && /^[a-z][\w-]+$/i.test(first) && !program.commands.some((one) => one.name() === first);
}
