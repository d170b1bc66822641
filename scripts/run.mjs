// What the scripts share: setting the workspace up, and running its tools on its own Node whatever the machine has.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';

/** Node as pinned in package.json; the shim in .bin would swallow signals. */
export const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** The environment for tools: the pinned Node first, nothing of npm's own settings. */
export const env = Object.fromEntries(
  Object.entries({ ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }).filter(
    ([name]) => !/^npm_/i.test(name),
  ),
);
env.PATH = [dirname(node), join(root, 'node_modules', '.bin'), env.PATH].join(windows ? ';' : ':');

/** What a package's manifest says, by its folder. */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** The files below src of every package and app, as paths with / from the repository, or from a folder like it. */
export function sourceFiles(top = root) {
  return ['packages', 'apps']
    .filter((folder) => existsSync(join(top, folder)))
    .flatMap((folder) => readdirSync(join(top, folder)).map((name) => join(folder, name, 'src')))
    .filter((source) => existsSync(join(top, source)))
    .flatMap((source) => readdirSync(join(top, source), { recursive: true }).map((file) => join(source, file)))
    .map((file) => file.replaceAll(sep, '/'));
}

/** The folders of the packages and apps that others may install. */
export function published() {
  return ['packages', 'apps']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .filter((folder) => !manifestOf(folder).private);
}

/** Installs what the lockfile says, unless that is what is installed. */
export function install() {
  const read = (...path) => (existsSync(join(root, ...path)) ? readFileSync(join(root, ...path), 'utf8') : undefined);
  if (existsSync(node) && read('pnpm-lock.yaml') === read('node_modules', '.pnpm', 'lock.yaml')) return;
  const { packageManager } = JSON.parse(read('package.json'));
  const args = ['-y', packageManager, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'];
  const result = spawnSync(windows ? 'npx.cmd' : 'npx', args, {
    cwd: root,
    env: { ...env, CI: 'true' },
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (result.status !== 0) {
    console.error(
      '\nInstalling failed. The npm registry must be reachable; npm config get registry says which one is used.',
    );
    process.exit(result.status ?? 1);
  }
}

/** Runs a tool of the workspace and resolves with its exit code; what it prints is shown, or kept quiet unless it fails. */
export function run(tool, args, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', windows ? `${tool}.cmd` : tool), args, {
      cwd: root,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: windows,
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(output);
      resolve(code ?? 1);
    });
  });
}
