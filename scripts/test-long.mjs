// npm run test:long: the files with properties, with many more cases; npm run test:long -- packages/core for those of one place.
// --cases N (default 200000) and --minutes N (default 20) say how long one property is tried. Without a place, and for packages/e2e,
// programs are killed and disks filled, too (--seed N, default 7).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { env, install, node, root, run, sourceFiles } from './run.mjs';

install();
const { values, positionals } = parseArgs({
  options: {
    cases: { type: 'string', default: '200000' },
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: '7' },
  },
  allowPositionals: true,
});
const files = sourceFiles()
  .filter(
    (file) => file.endsWith('.test.ts') && /fc\.assert\(|ANYIMAGE_CASES/.test(readFileSync(join(root, file), 'utf8')),
  )
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.includes(part)));
// Some of the files also hold tests of what is built.
const built = await run('turbo', ['run', 'build', '--output-logs=errors-only']);
Object.assign(env, { ANYIMAGE_CASES: values.cases, ANYIMAGE_MINUTES: values.minutes });
const tested = built || (files.length > 0 && (await run('vitest', ['run', '--testTimeout=0', ...files])));
const kills =
  positionals.length === 0 || positionals.some((part) => 'packages/e2e'.startsWith(part.replace(/\/$/, '')));
process.exit(Number(tested) || (kills ? strikeAll() : 0));

/** 300 kills, 200 disks filled by a limit to the size of files, and 60 by filling a small one. Returns the exit code. */
function strikeAll() {
  const rounds = [strike('--runs', '300'), strike('--disk', '--runs', '200'), strikeSmallDisk()];
  return rounds.find((code) => code !== 0) ?? 0;
}

function strike(...words) {
  console.log(`\n— kill-runs ${words.join(' ')}`);
  const program = join('packages', 'e2e', 'src', 'kill-runs.ts');
  const args = ['--conditions=anyimage-source', program, '--seed', values.seed, ...words];
  return spawnSync(node, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

/** A disk of 64 MiB: room for what eight pictures may need, and no more. Only where this person may mount one. */
function strikeSmallDisk() {
  const disk = mkdtempSync(join(tmpdir(), 'anyimage-disk-'));
  try {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk], { stdio: 'ignore' });
    if (mounted.status !== 0) {
      console.log('\n— a small disk is not filled: mounting one is not allowed here');
      return 0;
    }
    try {
      return strike('--disk', '--at', disk, '--runs', '60');
    } finally {
      spawnSync('umount', [disk]);
    }
  } finally {
    rmdirSync(disk);
  }
}
