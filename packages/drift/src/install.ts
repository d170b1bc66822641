// The newest versions of packages, from the registry that npm is set to. None of their code is run.

import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const flags = [
  ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--no-package-lock'],
  // Its types alone are read.
  '--legacy-peer-deps',
];

/** Installs a package below a folder, and resolves with its own. Rejects with what npm says. */
export async function installNewest(name: string, folder: string, env = process.env): Promise<string> {
  const own = join(folder, name.replaceAll('/', '-'));
  await mkdir(own, { recursive: true });
  await runNpm(['install', `${name}@latest`, '--prefix', own, ...flags], { cwd: own, env });
  return join(own, 'node_modules', name);
}

function runNpm(
  args: readonly string[],
  place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const isWindows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    execFile(isWindows ? 'npm.cmd' : 'npm', args, { ...place, shell: isWindows }, (error, _, stderr) => {
      const [reason] = /(?<=^npm error )(?!code ).+/m.exec(stderr) ?? [];
      if (error) reject(new Error(`npm could not install it: ${reason ?? error.message}`));
      else resolve();
    });
  });
}
