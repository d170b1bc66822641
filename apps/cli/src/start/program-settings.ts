// The commands on how anyimage is set up.

import type { Command } from 'commander';
import { lazily } from './lazily.ts';

/** Adds init, use, keys, config, trust and doctor. */
export function addSettings(program: Command): void {
  program
    .command('init')
    .description(
      'set up a service: choose it, store its key, try that for nothing where one can, and draw with it from then on',
    )
    .argument('[service]', 'its name, such as cogview; without one, a terminal asks')
    .option('--region <name>', 'the region that the key is for')
    .option('--file', 'keep the key in a file that only you can read, not in the keychain')
    .option('--force', 'store the key whatever it looks like')
    .option('--no-test', 'do not try the key at its service')
    .option('--no-use', 'leave what draws as it is')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/init.ts')).init));
  program
    .command('use')
    .description('choose what draws when -m is not given')
    .argument('[model...]', 'provider/model, a provider, or an alias; several are tried in order')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/use.ts')).use));
  addKeys(program);
  addConfig(program);
  program
    .command('trust')
    .description("show what a project's anyimage.json would change, and let it")
    .argument('[folder]', 'the project; default the current folder', '.')
    .option('-y, --yes', 'do not ask')
    .option('--remove', 'trust it no longer')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/trust.ts')).trust));
  program
    .command('doctor')
    .description('check that everything is in order: Node, config, keys, proxy, history, providers, MCP server')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/doctor.ts')).doctor));
}

function addKeys(program: Command): void {
  const keys = program.command('keys').description('store the keys of services on this machine');
  keys
    .command('list', { isDefault: true })
    .description('show which keys are set, and where; never the keys')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/keys.ts')).listKeys));
  keys
    .command('set')
    .description('store a key: asked for without showing it, or read from stdin')
    .argument('<name>', 'a provider, or the variable that the key stands in for')
    .argument('[key]', 'not here: other programs and the history of the shell would see it')
    .option('--region <name>', 'the region that the key is for')
    .option('--file', 'keep it in a file that only you can read, not in the keychain')
    .option('--force', 'store it whatever it looks like')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/keys.ts')).setKey));
  keys
    .command('remove')
    .description('forget stored keys')
    .argument('<name...>', 'variables, or providers for all of theirs')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/keys.ts')).removeKeys));
}

function addConfig(program: Command): void {
  const config = program.command('config').description('settings that stay');
  config
    .command('get', { isDefault: true })
    .description('show what holds here')
    .argument('[key]', 'such as model or budget.perDay; default all that is set')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/config.ts')).getConfig));
  config
    .command('set')
    .description('set a key in your config')
    .argument('<key>', 'such as model, output, aliases.NAME, budget.perDay, providers.NAME.region')
    .argument('<value...>', 'text, number, true, false, or JSON; a limit with its currency, such as 1 USD')
    .option('--project', 'in the anyimage.json of the project')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/config.ts')).setConfig));
  config
    .command('unset')
    .description('remove a key from your config')
    .argument('<key>')
    .option('--project', 'from the anyimage.json of the project')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/config.ts')).unsetConfig));
  config
    .command('explain')
    .description('show where each setting comes from, and what it wins over')
    .argument('[key]', 'default all')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/config.ts')).explainConfig));
  config
    .command('edit')
    .description(
      'open your config in $VISUAL or $EDITOR; it is checked afterwards, and the old one stays if it is wrong',
    )
    .option('--project', 'the anyimage.json of the project')
    .action(lazily(async () => (await import('../commands/settings/edit-config.ts')).editInEditor));
  config
    .command('path')
    .description('print where your config is')
    .option('--project', 'the anyimage.json of the project')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/settings/config-place.ts')).printPath));
  config
    .command('schema')
    .description('print the JSON Schema of config files, for editors')
    .action(lazily(async () => (await import('../commands/settings/config.ts')).printSchema));
}
