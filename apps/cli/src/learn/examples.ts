// Examples of commands, for their help and for the man page. Loaded where help is asked for.

import type { Command } from 'commander';
import { listText } from '../print/help-text.ts';
import type { Entry } from '../print/terminal/list-lines.ts';

/** By the path of a command, without `anyimage`. Commands whose help says more have their examples there. */
const examples: Readonly<Record<string, readonly Entry[]>> = {
  make: [
    ['anyimage make list of birds', 'a prompt that looks like a command'],
    ['anyimage make "a paper boat" -m cogview -n 4 -o boats/', ''],
  ],
  models: [
    ['anyimage models', 'all of them: prices, sizes, whether a key is set'],
    ['anyimage models cogview', 'those of one provider'],
    ['anyimage models openai/gpt-image-2', 'all that is known of one'],
    ['anyimage models --operation upscale', 'those that can enlarge a picture'],
    ['anyimage models openrouter --refresh', 'asks the service which it has now'],
  ],
  'models remove': [['anyimage models remove openai/gpt-image-3', '']],
  styles: [
    ['anyimage styles', 'all of them'],
    ['anyimage styles film-photo', 'the words that one adds'],
  ],
  history: [
    ['anyimage history', 'the newest'],
    ['anyimage history kitten', 'with this word in the prompt, also 小猫'],
    ['anyimage history -m cogview --since 7d', 'of the last week'],
    ['anyimage history --min-cost 0.05USD --since 2026-11 --until 2026-11', ''],
    ['anyimage history --limit 6 --preview', 'shows the last six'],
    ['anyimage history --scan ~/Pictures', 'pictures of another machine, or that were moved there'],
    ['anyimage history --limit 100 --json', 'for a program'],
  ],
  info: [
    ['anyimage info boat.png', 'prompt, model, seed, cost'],
    ['anyimage info last', 'of the newest picture'],
    ['anyimage info last --embed to-share.png', 'a copy that tells it itself'],
  ],
  again: [
    ['anyimage again boat.png', 'the same once more'],
    ['anyimage again boat.png --seed 8 -m google', 'with another seed, by another model'],
    ['anyimage again last -n 4', 'four of the newest'],
  ],
  jobs: [
    ['anyimage jobs', 'what is paid for and not here yet'],
    ['anyimage jobs resume', 'fetches all of it; pays nothing'],
  ],
  'jobs list': [
    ['anyimage jobs list', ''],
    ['anyimage jobs list --json', 'for a program'],
  ],
  'jobs resume': [
    ['anyimage jobs resume', 'all tickets'],
    ['anyimage jobs resume t-0123456789ab -o boat.png', 'one, to another place'],
  ],
  'jobs cancel': [
    ['anyimage jobs cancel t-0123456789ab', 'ends one at its service'],
    ['anyimage jobs cancel all', ''],
  ],
  'jobs drop': [['anyimage jobs drop t-0123456789ab', 'forgets what nobody can fetch any more']],
  providers: [['anyimage providers', 'who has a key, and where each is reached']],
  plugins: [
    ['anyimage plugins', 'those that are installed'],
    ['anyimage plugins add ./my-provider', 'adds one'],
  ],
  'plugins list': [['anyimage plugins list', '']],
  'plugins update': [
    ['anyimage plugins update', 'all of them'],
    ['anyimage plugins update my-provider -y', 'one, without a question'],
  ],
  'plugins remove': [['anyimage plugins remove my-provider', '']],
  init: [
    ['anyimage init', 'asks all it needs'],
    ['anyimage init cogview', 'asks for the key alone'],
    ['anyimage init cogview --no-use < key.txt', 'in a script: the key is a file, and what draws stays'],
  ],
  use: [
    ['anyimage use', 'says what draws'],
    ['anyimage use cogview', 'its default model from now on'],
    ['anyimage use cogview/glm-image google', 'one, and if that cannot, the other'],
    ['anyimage use auto', 'whatever fits and costs least'],
  ],
  keys: [
    ['anyimage keys', 'which are set'],
    ['anyimage keys set cogview', 'asks for one, and keeps it'],
  ],
  'keys list': [['anyimage keys list --json', 'for a program; never the keys']],
  'keys set': [
    ['anyimage keys set cogview', 'asks without showing it'],
    ['anyimage keys set ZAI_API_KEY < key.txt', 'a variable by its name; the key from a file'],
    ['anyimage keys set cogview --region international', ''],
  ],
  'keys remove': [['anyimage keys remove cogview', 'all stored keys of a provider']],
  config: [
    ['anyimage config', 'what is set'],
    ['anyimage config set output ~/Pictures', ''],
    ['anyimage config edit', 'opens it in your editor'],
    ['anyimage config explain', 'where each setting comes from'],
  ],
  'config get': [
    ['anyimage config get', 'all that is set'],
    ['anyimage config get model', 'one'],
  ],
  'config set': [
    ['anyimage config set model cogview', ''],
    ['anyimage config set budget.perDay 5 USD', 'no more in a day'],
    ['anyimage config set aliases.draft sketch', 'a name of your own: -m draft'],
    ['anyimage config set output pictures --project', 'in the project'],
  ],
  'config unset': [['anyimage config unset budget.perDay', '']],
  'config explain': [
    ['anyimage config explain', 'everything'],
    ['anyimage config explain output', 'one, also where it is not set'],
  ],
  'config edit': [
    ['anyimage config edit', ''],
    ['EDITOR="code --wait" anyimage config edit --project', ''],
  ],
  'config path': [['anyimage config path', '']],
  'config schema': [['anyimage config schema > anyimage.schema.json', 'for an editor']],
  trust: [
    ['anyimage trust', 'shows what the project here wants, and asks'],
    ['anyimage trust --remove', 'trusts it no longer'],
  ],
  doctor: [['anyimage doctor', '']],
  emulate: [
    ['anyimage emulate', 'the services that can be imitated'],
    ['anyimage emulate zhipu', 'one; it says how to use it'],
  ],
  help: [
    ['anyimage help models update', ''],
    ['anyimage help --man | man -l -', 'all of it, as a man page'],
  ],
  version: [['anyimage version', '']],
  completion: [
    ['anyimage completion bash >> ~/.bashrc', ''],
    ['anyimage completion zsh > ~/.zsh/_anyimage', 'a folder of $fpath'],
    ['anyimage completion fish > ~/.config/fish/completions/anyimage.fish', ''],
    ['anyimage completion powershell >> $PROFILE', 'untried'],
  ],
};

/** Adds the examples to the help of a command and of those below it. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  for (const one of command.commands) {
    const below = [...path, one.name()];
    const own = examplesOf(below);
    if (own.length > 0) one.addHelpText('after', `\nExamples:\n${listText(own, Number.POSITIVE_INFINITY)}`);
    addExamples(one, below);
  }
}

/** The examples of a command by its path, without `anyimage`. */
export function examplesOf(path: readonly string[]): readonly Entry[] {
  const name = path.join(' ');
  return Object.hasOwn(examples, name) ? examples[name]! : [];
}

/** Paths of commands that have examples here. */
export const examplePaths: readonly string[] = Object.keys(examples);
