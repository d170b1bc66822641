// The commands on providers that others wrote.

import type { Command } from 'commander';
import { lazily } from './lazily.ts';

/** Adds plugins. */
export function addPlugins(program: Command): void {
  const plugins = program
    .command('plugins')
    .description('providers that others wrote: install, list, update and remove them')
    .addHelpText('after', operationsHelp);
  plugins
    .command('list', { isDefault: true })
    .description('list the installed plugins: where each is from, and whether it works')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/plugins/list.ts')).listPlugins));
  plugins
    .command('add')
    .description('look at a plugin, and install it if you say yes; none of its code is run before')
    .argument('<plugin>', 'a package (NAME, or NAME@VERSION), a folder (./it) or a tarball (./it-1.0.0.tgz)')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', addHelp)
    .action(lazily(async () => (await import('../commands/plugins/add.ts')).addPlugin));
  plugins
    .command('update')
    .description('fetch plugins again from where they were added')
    .argument('[id]', 'one plugin; default all')
    .option('-y, --yes', 'do not ask, even if it would get pictures or keys to more hosts')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/plugins/update.ts')).updatePlugins));
  plugins
    .command('remove')
    .description('remove a plugin; stored keys stay')
    .argument('<id>', 'its id, as anyimage plugins lists it, or its package')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/plugins/remove.ts')).removePlugin));
}

const operationsHelp = `
What only the models of a plugin can do is a command, too, though anyimage --help does not list it: anyimage models names it in its last
column, and anyimage NAME --help explains it.`;

const addHelp = `
A plugin is a package with the keyword anyimage-provider. It is code, which runs with all your rights and gets your
pictures and the key of its service. It goes to your home folder, never into a project, and its scripts are not run.
npm fetches packages, and what a plugin depends on, with its own settings (~/.npmrc, npm_config_registry).

Examples:
  anyimage plugins add anyimage-provider-bfl       the newest version in the registry
  anyimage plugins add ./my-provider               a folder, as it is now; plugins update fetches it again
  anyimage plugins add ./my-provider-1.0.0.tgz -y  a tarball, without a question`;
