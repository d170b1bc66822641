// The command on many pictures.

import type { Command } from 'commander';
import { batchFlags } from '../request/batch-flags.ts';
import { lazily } from './lazily.ts';
import { addOptions } from './words/meant-command.ts';

/** Adds batch. */
export function addBatch(program: Command): void {
  const batch = program
    .command('batch')
    .description('make many pictures from a file of prompts; the same command again makes what is missing')
    .argument('<file>', '.txt (a prompt a line), .csv (with a header) or .jsonl; - reads stdin')
    .addHelpText('after', help)
    .action(lazily(async () => (await import('../commands/batch/batch.ts')).batch));
  addOptions(batch, batchFlags);
}

const help = `
Columns of a CSV, and members of JSON objects, that are called like flags are flags of their row: model, size, n, seed,
style, output … Others fill the places of --prompt and --name. What a row says wins over the flags, which hold for all.

Every row is checked before anything is sent. What became of each is in batch.journal in the folder: after Ctrl-C, a
crash or a kill, the same command makes what is missing, fetches what is paid for, and sends nothing twice. A row of which
nobody can say whether it was billed is uncertain, and is asked again with --retry-uncertain alone. The folder gets
report.html, with all pictures, and report.jsonl, with a line for each row.

Examples:
  anyimage batch prompts.txt                                      a picture for each line, into prompts/
  anyimage batch prompts.txt --dry-run                            what it would be, and what it costs
  anyimage batch animals.csv --prompt "a {{animal}} at dawn" --name "{{n}}-{{animal}}"
  anyimage batch prompts.txt --prompt "{{prompt}}, {{light}}" --vary light=dawn,noon,seed=1..4
  anyimage batch prompts.jsonl -m cogview --budget 5USD -o out/`;
