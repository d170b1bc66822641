// Commands whose flags are made only where the words can mean them: that of all takes longer than a whole start. Every start loads it.

import { type AddHelpTextContext, type AddHelpTextPosition, Command, Option } from 'commander';
import { afterText } from '../../print/help-text.ts';

/** Words that lead to the flags of every command: its help, its completion. */
const leadToAll: readonly string[] = ['help', 'completion', '__complete'];

/** In the place of all flags of a command that is not meant: the help of all says that it has some. */
const some = new Option('--…');

/** A command of the command line. One whose name is not among `words` cannot be meant, and no flags of it are made; without words, all are. */
export class MeantCommand extends Command {
  readonly words: readonly string[] | undefined;

  constructor(name: string | undefined, words: readonly string[] | undefined) {
    super(name);
    this.words = words?.some((word) => leadToAll.includes(word)) ? undefined : words;
  }

  get isMeant(): boolean {
    const { words, parent } = this;
    if (!words || !parent) return true;
    // One of those below may be meant without its name.
    if (parent.parent) return (parent as MeantCommand).isMeant;
    return words.includes(this.name()) || this.aliases().some((name) => words.includes(name));
  }

  override createCommand(name?: string): MeantCommand {
    return new MeantCommand(name, this.words);
  }

  override createOption(flags: string, description?: string): Option {
    return this.isMeant ? super.createOption(flags, description) : some;
  }

  override addHelpText(position: AddHelpTextPosition, text: string | ((context: AddHelpTextContext) => string)): this {
    return super.addHelpText(position, (context) => afterText(typeof text === 'string' ? text : text(context)));
  }

  override addOption(option: Option): this {
    if (this.isMeant) return super.addOption(option);
    if (this.options.length === 0) (this.options as Option[]).push(some);
    return this;
  }
}

/** Adds options that are made only if the command can be meant. */
export function addOptions(command: Command, make: () => readonly Option[]): void {
  if (command instanceof MeantCommand && !command.isMeant) command.addOption(some);
  else for (const option of make()) command.addOption(option);
}
