// From words on the command line to a command and its exit code. The only place that catches.

import { type Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { helpStyle } from '../print/help-words.ts';
import { keepStdout, quietPipes } from '../print/terminal/output.ts';
import { useLanguageOf } from '../print/words/translated.ts';
import { type MakeFlags, makeFlags } from '../request/flags.ts';
import { refuseRepeats } from '../request/repeated-flags.ts';
import { addHelpOfAll } from './help-of-all.ts';
import { addBatch } from './program-batch.ts';
import { addHelp } from './program-help.ts';
import { addJobs } from './program-jobs.ts';
import { addPictures } from './program-pictures.ts';
import { addPlugins } from './program-plugins.ts';
import { addEmulate, addModels, addProviders } from './program-services.ts';
import { addSettings } from './program-settings.ts';
import { noteCommands } from './words/command-path.ts';
import { addOptions, MeantCommand } from './words/meant-command.ts';
import { takeSettingFlags } from './words/setting-flags.ts';

/** How long what a plugin left behind may hold up the end. */
const patienceMs = 500;

/** Runs the command line and leaves its result in `process.exitCode`. Never rejects. */
export async function main(words: readonly string[]): Promise<void> {
  let args = takeSettingFlags(words, process.env);
  quietPipes();
  keepStdout();
  try {
    await useLanguageOf(process.env);
    args = promptAfterDashes(args);
    const program = createProgram(args);
    if (args[0] === '__complete') return await completeFor(program, args.slice(1));
    await addOperationsFor(program, args);
    await addHelpTexts(program, args);
    refuseRepeats(program);
    noteCommands(program);
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

/** What a shell asks while one types. It waits for the answer: no failure is told, it completes files then. */
async function completeFor(program: Command, args: readonly string[]): Promise<void> {
  try {
    const { completeWords } = await import('./complete-words.ts');
    await addOperationsFor(program, args.slice(2));
    await completeWords(program, args);
  } catch (error) {
    if (process.env.ANYIMAGE_DEBUG) throw error;
  }
}

/** What the help of all says besides, or the examples of the command that is asked about. */
async function addHelpTexts(program: Command, args: readonly string[]): Promise<void> {
  const flag = args.findIndex(isHelpFlag);
  if (flag < 0) return;
  if (args.slice(0, flag).some((word) => isCommand(program, word))) {
    const { addExamples } = await import('../learn/examples.ts');
    return addExamples(program);
  }
  addHelpOfAll(program);
}

function isHelpFlag(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** What stands after a `--` is a prompt, be it the name of a command: `--` before the first word is as `make`. */
function promptAfterDashes(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--');
  if (at < 0) return args;
  const { operands } = createProgram().parseOptions([...args.slice(0, at)]);
  return operands.length === 0 ? ['make', ...args] : args;
}

/** What can be typed, in the order of the help. Parsing throws `CommanderError` and what commands throw. */
export function createProgram(args?: readonly string[]): Command {
  const program = new MeantCommand('anyimage', args)
    .description('Make pictures from words, with any service or on this machine.')
    .usage('[options] <prompt...>')
    .version(manifest.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .argument('[prompt...]', 'what to draw; - reads it from stdin')
    .enablePositionalOptions()
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: () => {} })
    .configureHelp(helpStyle());
  addOptions(program, makeFlags);
  program.action(async (prompt: string[], flags: MakeFlags) => {
    if (prompt.length > 0) {
      await refuseKeyIn(prompt);
      const { refuseCommand } = await import('./words/refuse-command.ts');
      refuseCommand(
        prompt,
        program.commands.map((command) => command.name()),
      );
    }
    process.exitCode = await makePictures(prompt, flags);
  });
  program.hook('preSubcommand', async (_, command) => {
    const early = program.options.find((option) => program.getOptionValueSource(option.attributeName()) === 'cli');
    if (!early) return;
    const { refuseEarlyFlag } = await import('./words/refuse-command.ts');
    refuseEarlyFlag(early.flags, command.name());
  });
  addMake(program, args?.includes('--') ?? false);
  addBatch(program);
  addModels(program);
  addPictures(program);
  addJobs(program);
  addProviders(program);
  addPlugins(program);
  addSettings(program);
  addEmulate(program);
  addHelp(program, manifest.version);
  return program;
}

/** Adds make: as without a command, but its words are never taken for one. `isMarked`: whether a `--` stands before the prompt. */
function addMake(program: Command, isMarked: boolean): void {
  const make = program
    .command('make')
    .description('make pictures; the same without this word, but for prompts that look like a command')
    .argument('[prompt...]', 'what to draw; - reads it from stdin')
    .action(async (prompt: string[], flags: MakeFlags) => {
      const { refuseLostVerb } = await import('./words/refuse-command.ts');
      await refuseKeyIn(prompt);
      if (!isMarked) refuseLostVerb(prompt, flags.image !== undefined);
      process.exitCode = await makePictures(prompt, flags);
    });
  addOptions(make, makeFlags);
}

/** Before anything else is said of the words, since that shows them. */
async function refuseKeyIn(prompt: readonly string[]): Promise<void> {
  const { refuseKey } = await import('../session/keys/refuse-key.ts');
  refuseKey(prompt.join(' '));
}

async function makePictures(prompt: readonly string[], flags: MakeFlags): Promise<number> {
  const { make } = await import('../commands/pictures/make.ts');
  return make(prompt, flags);
}

/**
 * Adds the operations of models where one may be meant: the first word is neither a command nor a sentence. The help of all commands only
 * names them, since tables take time to load.
 */
async function addOperationsFor(program: Command, args: readonly string[]): Promise<void> {
  const [first] = args.filter((word) => !word.startsWith('-') && word !== 'help');
  if (first === undefined || !/^[a-z][\w-]+$/i.test(first) || isCommand(program, first)) return;
  const { addOperations } = await import('./program-operations.ts');
  await addOperations(program);
}

function isCommand(program: Command, name: string): boolean {
  return program.commands.some((command) => command.name() === name);
}
