// The words on the command line.

import { ImageError } from '@anyimage/core';
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { type GatewaySettings, loadGateway } from '../config/load-config.ts';
import { fail, say } from './say.ts';

/** Runs a command. Never rejects: what went wrong is told, and the exit code says it. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    await programOf().parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) fail(error);
    else if (error.exitCode !== 0) process.exitCode = 2;
  }
}

function programOf(): Command {
  const program = new Command('anyimage-gateway')
    .description(
      "OpenAI's image API over any image service or local server, with keys and budgets, and nothing paid twice.",
    )
    .version(manifest.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this')
    .option('--config <file>', 'the config; default gateway.json in this folder, if there is one')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text) })
    .enablePositionalOptions();
  const load = (): Promise<GatewaySettings> => loadGateway({ path: program.opts<{ config?: string }>().config });

  program
    .command('serve', { isDefault: true })
    .description('serve until a signal ends it (the default)')
    .option('--host <address>', 'the address to listen on; default 127.0.0.1')
    .option('--port <number>', 'default 4040')
    .addHelpText(
      'after',
      `
Examples:
  anyimage-gateway
  OPENAI_BASE_URL=http://127.0.0.1:4040/v1 python my-program.py
  anyimage-gateway keys add web --per-day 5 && anyimage-gateway serve --host 0.0.0.0

SIGHUP reads the config anew. SIGINT and SIGTERM end it once what is paid for is home.`,
    )
    .action(async (flags) => {
      const { serve } = await import('./serve.ts');
      await serve({ path: program.opts<{ config?: string }>().config }, flags);
    });

  program
    .command('worker')
    .description('make what gateways are asked for that share a Redis with it, until a signal ends it')
    .addHelpText(
      'after',
      `
It needs a Redis in gateway.json: "store": {"redis": {"url": "redis://127.0.0.1:6379"}}. Gateways with the same Redis make nothing
themselves; several workers share the work. SIGHUP reads the config anew. SIGINT and SIGTERM end it once its calls are done.`,
    )
    .action(async () => {
      const { work } = await import('./worker.ts');
      await work({ path: program.opts<{ config?: string }>().config });
    });

  const keys = program.command('keys').description('the keys that callers of this gateway have');
  keys
    .command('add <name>')
    .description('make a key; it is shown once, and kept as a hash')
    .option(
      '--models <list>',
      'the models it may use: PROVIDER/MODEL, PROVIDER or aliases, between commas; default all',
    )
    .option('--per-day <amount>', "most that a day may cost, in the currency of the gateway's budget")
    .option('--per-month <amount>', 'the same for a month')
    .option('--per-minute <number>', 'requests that may begin in a minute')
    .option('--concurrency <number>', 'requests at a time')
    .option('--expires <day>', 'the day from which it is refused, such as 2027-01-31')
    .action(async (name: string, flags) => (await import('./keys.ts')).addKey(await load(), name, flags));
  keys
    .command('list')
    .description('show all keys and what they may')
    .option('--json', 'as a document')
    .action(async (flags) => (await import('./keys.ts')).listKeys(await load(), flags));
  keys
    .command('revoke <key>')
    .description('refuse a key, by its id or name, from the next request on')
    .action(async (named: string) => (await import('./keys.ts')).revokeKey(await load(), named));

  const jobs = program.command('jobs').description('what is paid for, or may be, and is in no answer yet');
  jobs
    .command('list')
    .description('show them')
    .option('--json', 'as a document')
    .action(async (flags) => (await import('./jobs.ts')).listJobs(await load(), flags));
  jobs
    .command('drop <ticket>')
    .description('end one: asked again, its request is sent anew')
    .action(async (id: string) => (await import('./jobs.ts')).dropJob(await load(), id));

  program
    .command('usage')
    .description('costs and counts by day (UTC), key and model')
    .option('--key <key>', 'of one key alone, by its id or name')
    .option('--from <day>', 'default the first of this month')
    .option('--to <day>', 'default today')
    .option('--json', 'as a document')
    .action(async (flags) => (await import('./usage.ts')).showUsage(await load(), flags));

  const config = program.command('config').description('the config');
  config
    .command('schema')
    .description('print the JSON Schema of gateway.json, for editors')
    .action(async () => {
      const { gatewayJSONSchema } = await import('../config/gateway-config.ts');
      say(JSON.stringify(gatewayJSONSchema(), null, 2));
    });
  config
    .command('check')
    .description('say what is wrong in it, with file and line')
    .action(async () => {
      const { path } = await load();
      if (path === undefined) {
        throw new ImageError('not-found', 'there is no gateway.json in this folder', {
          hint: 'Name one with --config FILE.',
        });
      }
      say(`${path} is right.`);
    });
  return program;
}
