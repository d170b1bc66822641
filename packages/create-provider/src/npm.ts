// Running npm, the one that runs this, or that of the path.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Slip } from './answers.ts';

const isWindows = process.platform === 'win32';

/** Runs npm to its end, and gives what it said. Throws what it said last if it fails; an abort ends it and all that it started. */
export async function npm(words: readonly string[], folder: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const [file, ...first] = npmCommand();
  const child = spawn(file!, [...first, ...words], {
    cwd: folder,
    // npm's settings of the command that runs this, such as its workspace, are not for the new package.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command)/i.test(name)),
    ),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what npm starts ends with it.
    detached: !isWindows,
    shell: file === 'npm' && isWindows,
  });
  const end = () => {
    if (isWindows) child.kill();
    else if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', end, { once: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Slip('npm was not found, neither beside Node nor on the PATH.');
    })
    .finally(() => signal.removeEventListener('abort', end));
  signal.throwIfAborted();
  if (code === 0) return output;
  throw new Slip(`npm ${words.join(' ')} failed:\n\n${lastLines(output)}\n`);
}

/** The npm that runs this; else the one that came with this Node; else that of the path. */
function npmCommand(): readonly string[] {
  const running = process.env.npm_execpath;
  if (running && /[\\/]npm-cli\.js$/.test(running) && existsSync(running)) return [process.execPath, running];
  const bin = dirname(process.execPath);
  const beside = isWindows ? join(bin, 'node_modules') : join(dirname(bin), 'lib', 'node_modules');
  const cli = join(beside, 'npm', 'bin', 'npm-cli.js');
  return existsSync(cli) ? [process.execPath, cli] : ['npm'];
}

/** As much as tells what went wrong. */
function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-40).join('\n');
}
