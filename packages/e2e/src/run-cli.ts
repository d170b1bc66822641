// The built command line in a process of its own, with an environment of its own. After every command, the keys that it was
// given are looked for in all that it printed and wrote: they may only be where keys are kept.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `anyimage` on a person's path is: the built bundle. */
export const program = fileURLToPath(new URL('../../../apps/cli/dist/anyimage.js', import.meta.url));

/** The same over the library: a program of somebody's own. */
const libraryProgram = fileURLToPath(new URL('library-program.ts', import.meta.url));

/** A person at a terminal: an empty folder to be in, a home for tickets, nothing set. */
export interface Person {
  readonly folder: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs to the end. */
  run(...words: readonly string[]): Promise<Ended>;
  /** The same, with text on stdin. */
  pipe(stdin: string, ...words: readonly string[]): Promise<Ended>;
  /** Starts and does not wait. */
  start(...words: readonly string[]): Running;
  /** The same within limits of the shell, such as `ulimit -n 24`; '' for none. */
  startWithin(limits: string, asked: Asked): Running;
}

/** Words of the command line, or a request for a program of theirs, which prints the result document. */
export type Asked = readonly string[] | { readonly prompt: string; readonly [word: string]: unknown };

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout holds `count` lines. */
  lines(count: number): Promise<readonly string[]>;
  /** Resolves when stderr holds the text. */
  says(text: string): Promise<void>;
}

/** `disk`: where the folders are. */
export async function newPerson(env: Readonly<Record<string, string>> = {}, disk = tmpdir()): Promise<Person> {
  const folder = await mkdtemp(join(disk, 'anyimage-cli-'));
  const home = await mkdtemp(join(disk, 'anyimage-home-'));
  const own: Readonly<Record<string, string>> = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    ANYIMAGE_HOME: home,
    ...env,
  };
  const secrets = new Set(Object.keys(own).flatMap((name) => (/_(KEY|TOKEN)$/.test(name) ? [own[name]!] : [])));
  const begin = (asked: Asked, { stdin = '', limits = '' } = {}) => {
    const words = isWords(asked) ? asked : [JSON.stringify(asked)];
    if (words[0] === 'keys' && words[1] === 'set' && stdin.trim().length > 7) secrets.add(stdin.trim());
    const command = [process.execPath, isWords(asked) ? program : libraryProgram, ...words];
    const [file, ...args] = limits ? ['bash', '-c', `${limits}; exec "$@"`, 'bash', ...command] : command;
    const child = spawn(file!, args, {
      cwd: folder,
      env: own,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const running = start(child);
    const ended = running.ended.then(async (result) => {
      const leak = await findLeak(secrets, result, [folder, home]);
      if (leak) throw new Error(`a key was found in ${leak} after: anyimage ${words.join(' ')}`);
      return result;
    });
    ended.catch(() => {}); // reported to whoever waits for it
    return { ...running, ended };
  };
  const pipe = (stdin: string, ...words: readonly string[]) => {
    const running = begin(words, { stdin });
    running.child.stdin!.end(stdin);
    return running.ended;
  };
  const startWithin = (limits: string, asked: Asked) => {
    const running = begin(asked, { limits });
    running.child.stdin!.end();
    return running;
  };
  const run = (...words: readonly string[]) => pipe('', ...words);
  return { folder, home, env: own, start: (...words) => begin(words), startWithin, pipe, run };
}

function isWords(asked: Asked): asked is readonly string[] {
  return Array.isArray(asked);
}

/** Where one of the keys is although it must not be. `emulate` prints the key of its own to be copied. */
async function findLeak(
  secrets: ReadonlySet<string>,
  { stdout, stderr }: Ended,
  roots: readonly string[],
): Promise<string | undefined> {
  const holds = (text: string) => [...secrets].some((secret) => text.includes(secret));
  if (holds(stderr) || (!stdout.startsWith('export ') && holds(stdout))) return 'its output';
  for (const root of roots) {
    // Another command may be at work there: what is gone holds nothing.
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || entry.name === 'keys.json') continue;
      if (holds(await readFile(path, 'latin1').catch(() => ''))) return path;
    }
  }
  return undefined;
}

function start(child: ChildProcess): Running {
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const look of waiting) look();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  /** What `find` finds as soon as it finds something. */
  function waitFor<T>(what: string, find: () => T | undefined): Promise<T> {
    const seen = new Promise<T>((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
    const missed = ended.then(() => {
      throw new Error(`it ended before ${what}:\n${stdout}${stderr}`);
    });
    return Promise.race([seen, missed]);
  }
  function lines(count: number): Promise<readonly string[]> {
    return waitFor(`${count} lines were printed`, () => {
      const whole = stdout.split('\n').slice(0, -1);
      return whole.length < count ? undefined : whole;
    });
  }
  async function says(text: string): Promise<void> {
    await waitFor(`it said ${JSON.stringify(text)}`, () => (stderr.includes(text) ? true : undefined));
  }
  return { child, ended, lines, says };
}
