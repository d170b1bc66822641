// The commands on how anyimage is set up.

import type { Command } from 'commander';
import type { Exit } from '../session/exit-code.ts';

/** Adds providers, use, keys, config, trust and doctor. */
export function addSettings(program: Command, exit: Exit): void {
  program
    .command('providers')
    .description('list the providers: whether a key is set, where they are reached')
    .option('--json', 'print JSON')
    .action(async (flags) => {
      const { listProviders } = await import('../commands/services/providers.ts');
      exit(await listProviders(flags));
    });
  program
    .command('use')
    .description('choose what draws when -m is not given')
    .argument('[model...]', 'provider/model, a provider, or an alias; several are tried in order')
    .option('--json', 'print JSON')
    .action(async (models: string[], flags) => {
      const { use } = await import('../commands/settings/use.ts');
      exit(await use(models, flags));
    });
  addKeys(program, exit);
  addConfig(program, exit);
  program
    .command('trust')
    .description("show what a project's anyimage.json would change, and let it")
    .argument('[folder]', 'the project; default the current folder', '.')
    .option('-y, --yes', 'do not ask')
    .option('--remove', 'trust it no longer')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags) => {
      const { trust } = await import('../commands/settings/trust.ts');
      exit(await trust(folder, flags));
    });
  program
    .command('doctor')
    .description('check that everything is in order: Node, config, keys, proxy, history, providers, MCP server')
    .option('--json', 'print JSON')
    .action(async (flags) => {
      const { doctor } = await import('../commands/settings/doctor.ts');
      exit(await doctor(flags));
    });
}

function addKeys(program: Command, exit: Exit): void {
  const keys = program.command('keys').description('store the keys of services on this machine');
  keys
    .command('list', { isDefault: true })
    .description('show which keys are set, and where; never the keys')
    .option('--json', 'print JSON')
    .action(async (flags) => {
      const { listKeys } = await import('../commands/settings/keys.ts');
      exit(await listKeys(flags));
    });
  keys
    .command('set')
    .description('store a key: asked for without showing it, or read from stdin')
    .argument('<name>', 'a provider, or the variable that the key stands in for')
    .argument('[key]', 'not here: other programs and the history of the shell would see it')
    .option('--region <name>', 'the region that the key is for')
    .option('--file', 'keep it in a file that only you can read, not in the keychain')
    .option('--force', 'store it whatever it looks like')
    .action(async (name: string, key: string | undefined, flags) => {
      const { setKey } = await import('../commands/settings/keys.ts');
      exit(await setKey(name, key, flags));
    });
  keys
    .command('remove')
    .description('forget stored keys')
    .argument('<name...>', 'variables, or providers for all of theirs')
    .action(async (names: string[]) => {
      const { removeKeys } = await import('../commands/settings/keys.ts');
      exit(await removeKeys(names));
    });
}

function addConfig(program: Command, exit: Exit): void {
  const config = program.command('config').description('settings that stay');
  config
    .command('get', { isDefault: true })
    .description('show what holds here')
    .argument('[key]', 'such as model or budget.perDay; default all that is set')
    .option('--json', 'print JSON')
    .action(async (key: string | undefined, flags) => {
      const { getConfig } = await import('../commands/settings/config.ts');
      exit(await getConfig(key, flags));
    });
  config
    .command('set')
    .description('set a key in your config')
    .argument('<key>', 'such as model, output, aliases.NAME, budget.perDay, providers.NAME.region')
    .argument('<value>', 'text, number, true, false, or JSON')
    .option('--project', 'in the anyimage.json of the project')
    .action(async (key: string, value: string, flags) => {
      const { setConfig } = await import('../commands/settings/config.ts');
      exit(await setConfig(key, value, flags));
    });
  config
    .command('unset')
    .description('remove a key from your config')
    .argument('<key>')
    .option('--project', 'from the anyimage.json of the project')
    .action(async (key: string, flags) => {
      const { setConfig } = await import('../commands/settings/config.ts');
      exit(await setConfig(key, undefined, flags));
    });
  config
    .command('explain')
    .description('show where each setting comes from, and what it wins over')
    .argument('[key]', 'default all')
    .option('--json', 'print JSON')
    .action(async (key: string | undefined, flags) => {
      const { explainConfig } = await import('../commands/settings/config.ts');
      exit(await explainConfig(key, flags));
    });
  config
    .command('schema')
    .description('print the JSON Schema of config files, for editors')
    .action(async () => {
      const { printSchema } = await import('../commands/settings/config.ts');
      exit(printSchema());
    });
}
