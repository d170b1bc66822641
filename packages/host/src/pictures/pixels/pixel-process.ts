// The process that works on large pictures: begun when it is needed, ended when it idles, when a work takes too long, and with this one.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Work } from './works.ts';

/** What the process is told. */
export interface WorkOrder {
  readonly name: Work;
  readonly args: readonly unknown[];
}

/** What the process answers. */
export type WorkAnswer = { readonly done: unknown } | { readonly error: string };

const longestMs = 8000;
const idleMs = 5000;

let worker: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Does a work when those before it are over. Rejects with what it says, after 8 s of work, and with the signal's reason. */
export function inOwnProcess(name: Work, args: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
  const mine = last.then(() => {
    signal?.throwIfAborted();
    return workAlone({ name, args }, signal);
  });
  last = mine.catch(() => {});
  return mine;
}

async function workAlone(order: WorkOrder, signal: AbortSignal | undefined): Promise<unknown> {
  clearTimeout(idle);
  worker ??= begin();
  const running = worker;
  running.ref();
  running.channel?.ref();
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const onAnswer = (answer: WorkAnswer) => {
    if ('error' in answer) reject(new Error(answer.error));
    else resolve(answer.done);
  };
  const onExit = (_: number | null, signal: NodeJS.Signals | null) => {
    // It ends itself so, and so do systems that have no more memory.
    const why = signal === 'SIGKILL' ? 'it takes more memory than can be used here' : 'the image library broke off';
    reject(new Error(why));
  };
  const onAbort = () => stop(running, reject, signal!.reason);
  const tooLong = setTimeout(
    () => stop(running, reject, new Error(`it takes longer than ${longestMs / 1000} s to work on`)),
    longestMs,
  );
  running.once('message', onAnswer).once('exit', onExit).once('error', reject);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    running.send(order);
    return await promise;
  } finally {
    clearTimeout(tooLong);
    signal?.removeEventListener('abort', onAbort);
    running.off('message', onAnswer).off('exit', onExit).off('error', reject);
    rest(running);
  }
}

function stop(running: ChildProcess, reject: (reason: unknown) => void, reason: unknown): void {
  if (worker === running) worker = undefined;
  running.kill('SIGKILL');
  reject(reason);
}

/** A process that has nothing to do keeps nobody waiting. */
function rest(running: ChildProcess): void {
  if (running.exitCode !== null || running.signalCode !== null || worker !== running) {
    if (worker === running) worker = undefined;
    return;
  }
  running.unref();
  running.channel?.unref();
  idle = setTimeout(() => {
    if (worker === running) worker = undefined;
    running.kill('SIGKILL');
  }, idleMs).unref();
}

/** It reads what strangers made: it gets no key, and nothing else of the environment but what finds libraries and fonts. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH'] as const;

function begin(): ChildProcess {
  const here = import.meta.url;
  const path = fileURLToPath(new URL(`./pixel-worker${here.endsWith('.ts') ? '.ts' : '.js'}`, here));
  const env = Object.fromEntries(passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const begun = fork(path, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env,
  });
  begun.setMaxListeners(20);
  return begun;
}
