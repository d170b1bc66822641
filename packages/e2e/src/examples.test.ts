import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const example = fileURLToPath(new URL('../../../examples/all-providers.ts', import.meta.url));

test('one prompt on every provider, edited where that is offered, ends on one sheet', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-example-'));
  const sheet = join(folder, 'sheet.png');
  const { stdout } = await promisify(execFile)(process.execPath, [example, sheet, '--emulate']);
  const made = stdout.split('\n').filter((line) => /: \d+x\d+, \d+ ms, [\d.]+ (USD|CNY)$/.test(line));
  expect(made.map((line) => line.split(':')[0]).sort()).toEqual([
    ...['bailian', 'bailian, edited', 'cogview', 'google', 'google, edited'],
    ...[
      'openai',
      'openai, edited',
      'openrouter',
      'openrouter, edited',
      'seedream',
      'seedream, edited',
      'sketch',
      'sketch, edited',
    ],
  ]);
  expect((await stat(sheet)).size).toBeGreaterThan(10_000);
  await rm(folder, { recursive: true });
});
