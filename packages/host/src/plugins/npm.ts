// npm, as it is on this machine: run with its own settings, without scripts, and without the keys of services.

import { spawn } from 'node:child_process';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ImageError, isRecord, quoted } from '@anyimage/core';
import type { Environment } from '../files/home.ts';
import { exists } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { parseRecord } from '../text/json.ts';

/** How npm is run, in which folder. */
export interface NpmOptions {
  /** Where it works: the settings of no project count. */
  readonly folder: string;
  readonly env: Environment;
  /** Names of variables that it must not see. */
  readonly secrets: readonly string[];
  /** What it fetches, for messages. */
  readonly about: string;
  readonly signal?: AbortSignal | undefined;
}

/** What npm printed. */
export interface NpmAnswer {
  readonly stdout: string;
  readonly stderr: string;
}

/** What every run says, whatever the settings say. A flag that this npm does not know is a warning to it. */
const always = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--no-global',
  '--no-dry-run',
  '--no-workspaces',
  // A repository may run code while it is fetched, scripts or not.
  '--allow-git=none',
];

/**
 * Runs npm to its end. Throws `config` if there is none, `not-found`, `permission`, `network`, `storage` and `server` for what it was
 * refused, and `aborted`.
 */
export async function runNpm(args: readonly string[], options: NpmOptions): Promise<NpmAnswer> {
  const { folder, env, secrets, about, signal } = options;
  const npm = await findNpm(env);
  if (!npm) throw noNpm(about);
  const hidden = new Set(secrets);
  const shown = Object.entries(env).filter(([name]) => !hidden.has(name) && !/_API_(?:KEY|TOKEN)$/i.test(name));
  // npm's first line asks PATH for node.
  const path = [npm.folder, env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(npm.file, [...npm.args, ...args, ...always, '--prefix', folder], {
    cwd: folder,
    env: { ...Object.fromEntries(shown), PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    const ended = new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    signal?.throwIfAborted();
    if (code !== 0) throw refusal(stdout, stderr, about);
    return { stdout, stderr };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

interface Npm {
  readonly folder: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** The npm that came with this Node, else the first on PATH. A part of PATH that is relative would be the project's. */
async function findNpm(env: Environment): Promise<Npm | undefined> {
  const folders = [dirname(process.execPath), ...(env.PATH ?? env.Path ?? '').split(delimiter).filter(isAbsolute)];
  for (const folder of folders) {
    // What Windows has beside it is a batch file, which no program starts without a shell.
    const script = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (process.platform === 'win32') {
      if (await exists(script)) return { folder, file: process.execPath, args: [script] };
    } else if (await exists(join(folder, 'npm'))) return { folder, file: join(folder, 'npm'), args: [] };
  }
  return undefined;
}

function noNpm(about: string): ImageError {
  return new ImageError('config', `npm is needed to get ${about}, and there is none beside Node or on PATH`, {
    details: { lacks: 'npm' },
    hint: 'Install npm, which comes with Node. A folder or tarball without dependencies needs none.',
  });
}

/** What npm says under --json: a code, and a line that explains it. */
function refusal(stdout: string, stderr: string, about: string): ImageError {
  const { error } = parseRecord(stdout);
  const told = isRecord(error) ? error : {};
  const code = String(told.code ?? /^npm error code (\S+)/m.exec(stderr)?.[1] ?? '');
  const summary = quoted(
    String(told.summary || /^npm error (?!code )(.+)/m.exec(stderr)?.[1] || 'no reason given'),
    300,
  );
  const details = { ...(code && { code }) };
  if (code === 'ENOSPC') return storageError({ code }, `get ${about}`, '');
  if (code === 'E404') {
    const hint = 'Check the name. A registry of your own is set in ~/.npmrc, or by npm_config_registry.';
    return new ImageError('not-found', `there is no package for ${about}: ${summary}`, { details, hint });
  }
  if (code === 'ETARGET') {
    return new ImageError('not-found', `no version fits ${about}: ${summary}`, {
      details,
      hint: 'Name another version.',
    });
  }
  if (/^E40[13]$|^ENEEDAUTH$|^EOTP$/.test(code)) {
    const hint = 'Log in to the registry with npm login, or check ~/.npmrc.';
    return new ImageError('permission', `the registry refuses ${about}: ${summary}`, { details, hint });
  }
  if (code === 'EINTEGRITY') {
    const hint = 'Do not use it, and try again: a part may have been lost on the way.';
    return new ImageError('bad-response', `what came for ${about} is not what was published: ${summary}`, {
      details,
      hint,
    });
  }
  if (/^E5\d\d$/.test(code)) {
    return new ImageError('server', `the registry failed for ${about}: ${summary}`, {
      details,
      hint: 'Try again later.',
    });
  }
  if (/^E(?:NOTFOUND|AI_AGAIN|CONN|TIMEDOUT|HOSTUN|NETUN|PROTO|IDLETIMEOUT)|TIMEOUT|CERT|SELF_SIGNED/.test(code)) {
    const hint = 'Check the network, and npm config get registry.';
    return new ImageError('network', `the registry cannot be reached for ${about}: ${summary}`, { details, hint });
  }
  return new ImageError('config', `npm could not get ${about}: ${code ? `${code}, ` : ''}${summary}`, {
    details,
    hint: 'npm itself says more: run npm install with it in an empty folder.',
  });
}
