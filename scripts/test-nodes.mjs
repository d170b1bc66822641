// npm run test:nodes: the tests on the oldest Node that is supported and on the newest, each installed into a temporary folder;
// npm run test:nodes -- packages/host for those of one place.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { env, install, root, run } from './run.mjs';

const versions = ['22.19', '26'];
const windows = process.platform === 'win32';

install();
const built = await run('turbo', ['run', 'build', '--output-logs=errors-only']);
if (built !== 0) process.exit(built);
const codes = versions.map(testOn);
process.exit(codes.find((code) => code !== 0) ?? 0);

/** Returns the exit code. */
function testOn(version) {
  const folder = mkdtempSync(join(tmpdir(), `anyimage-node-${version}-`));
  try {
    const node = installNode(version, folder);
    console.log(`\n— Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()}`);
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const own = { ...env, PATH: [dirname(node), env.PATH].join(delimiter) };
    const { status } = spawnSync(node, [vitest, 'run', ...process.argv.slice(2)], {
      cwd: root,
      env: own,
      stdio: 'inherit',
    });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Installs a version of Node, and returns its path. */
function installNode(version, folder) {
  const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', `node@${version}`];
  const { status } = spawnSync(windows ? 'npm.cmd' : 'npm', words, { env, stdio: ['ignore', 2, 2], shell: windows });
  if (status !== 0) process.exit(status ?? 1);
  return join(folder, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
}
