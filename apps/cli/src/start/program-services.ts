// The commands on what can draw.

import type { Command } from 'commander';
import { port } from '../request/flags.ts';
import { lazily } from './lazily.ts';

/** Adds models and styles. */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('list the models: what they can do, what they cost, whether a key is set')
    .argument('[filter]', 'part of a name; a whole name shows all about one model')
    .option('--operation <name>', 'only models that can do this: edit, inpaint …')
    .option('--refresh', 'ask the services which models they have; nothing is billed')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/services/models.ts')).models));
  addOwnModels(models);
  addTables(models);
  program
    .command('styles')
    .description('list the styles that --style and --enhance know: those that come with anyimage, and your own')
    .argument('[name]', 'shows the words of one')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/services/styles.ts')).styles));
}

/** Adds models add, edit and remove. */
function addOwnModels(models: Command): void {
  models
    .command('add')
    .description('add a model of your own: one that no table has yet, in one command')
    .argument('<name>', 'PROVIDER/MODEL, as the service calls it')
    .option('--like <model>', 'a model of the same provider, whose row it takes over')
    .option('--set <path=json>', 'a word of the row that is otherwise; may be given again', collect)
    .option('--price <price>', 'what it costs, such as 0.04USD/image; may be given again', collect)
    .option('--force', 'also in place of a model that there is already')
    .option('--project', 'in the anyimage.json of the project, which counts when it is trusted')
    .option('--json', 'print JSON')
    .addHelpText('after', ownHelp)
    .action(lazily(async () => (await import('../commands/services/own-models.ts')).addModel));
  models
    .command('edit')
    .description('change a model of your own, or what a table says of one')
    .argument('<name>', 'PROVIDER/MODEL')
    .option('--like <model>', 'another model whose row it takes over')
    .option('--set <path=json>', 'a word of the row; null takes it away; may be given again', collect)
    .option(
      '--unset <path>',
      'a word that you set: the row is as the one it is like again; may be given again',
      collect,
    )
    .option('--price <price>', 'what it costs, such as 0.04USD/image; may be given again', collect)
    .option('--project', 'in the anyimage.json of the project, which counts when it is trusted')
    .option('--json', 'print JSON')
    .addHelpText('after', ownHelp)
    .action(lazily(async () => (await import('../commands/services/own-models.ts')).editModel));
  models
    .command('remove')
    .description('remove a model of your own; what a table says of it holds again')
    .argument('<name>', 'PROVIDER/MODEL')
    .option('--project', 'from the anyimage.json of the project')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/services/own-models.ts')).removeModel));
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

const ownHelp = `
A value of --set is JSON; text may be without its quotes. Lists are set whole. anyimage models PROVIDER/MODEL --json shows a row and its words.
A price counts for budgets: it is your word.

Examples:
  anyimage models add openai/gpt-image-3 --like openai/gpt-image-2.6-flare --price 0.04USD/image
  anyimage models add openai/gpt-image-3 --like gpt-image-2 --set 'quality.values=["low", "high"]' --set quality.default=low
  anyimage models edit openai/gpt-image-2 --set quality=null --set perCall=4
  anyimage models edit openai/gpt-image-2 --unset quality
  anyimage models remove openai/gpt-image-3`;

/** Adds what changes the tables. */
function addTables(models: Command): void {
  models
    .command('update')
    .description('get newer tables of models and prices from the registry: shown first, used if you say yes')
    .argument('[provider]', 'one provider; default all that are installed, plugins too')
    .option('-y, --yes', 'do not ask; prices that are lower stay as they are all the same')
    .option('--accept-lower-prices', 'use lower prices, too: a budget lets more through by them')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--undo', 'take the last update back')
    .option('--json', 'print JSON')
    .addHelpText('after', updateHelp)
    .action(lazily(async () => (await import('../commands/services/update-models.ts')).updateModels));
}

const updateHelp = `
A table says what each model of a provider can do and what it costs. This fetches the newest that the installed code
understands: the manifest alone is taken out of the package, nothing is installed and nothing of it is run. Where keys
and pictures go stays as it was installed. npm fetches it with its own settings (~/.npmrc, npm_config_registry).
To have it done once a week beside a call: anyimage config set updateModels weekly

Examples:
  anyimage models update                 all providers: shows what is new, then asks
  anyimage models update openai -y       one, without a question
  anyimage models update --dry-run       only shows
  anyimage models update --undo          takes the last update back`;

/** Adds providers. */
export function addProviders(program: Command): void {
  program
    .command('providers')
    .description('list the providers: whether a key is set, where they are reached')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/services/providers.ts')).listProviders));
}

/** Adds emulate. */
export function addEmulate(program: Command): void {
  program
    .command('emulate')
    .description('imitate a service on this machine, for trying and testing without cost')
    .argument('[service]', 'its name; without one, the services are listed')
    .option('--port <number>', 'default: any that is free', port)
    .option('--key <key>', 'the only key it takes', 'test-key')
    .action(lazily(async () => (await import('../commands/services/emulate.ts')).emulate));
}
