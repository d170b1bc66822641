// The commands on what can draw.

import type { Command } from 'commander';
import { port } from '../request/flags.ts';
import { lazily } from './lazily.ts';

/** Adds models and styles. */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('list the models: what they can do, what they cost, whether a key is set')
    .argument('[filter]', 'part of a name; a whole name shows all about one model')
    .option('--operation <name>', 'only models that can do this: edit, inpaint …')
    .option('--refresh', 'ask the services which models they have; nothing is billed')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/services/models.ts')).models));
  program
    .command('styles')
    .description('list the styles that --style and --enhance know: those that come with anyimage, and your own')
    .argument('[name]', 'shows the words of one')
    .option('--json', 'print JSON')
    .action(lazily(async () => (await import('../commands/services/styles.ts')).styles));
}

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
