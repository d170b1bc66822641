// What an editor offers and complains of in a program of an application: the language server of TypeScript, over a project that has
// the packages as they are built.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What is offered at a place of a program, and what is wrong in it. */
export interface Editor {
  /** The labels that are offered where `¦` stands in the program. Throws if it stands nowhere. */
  offeredIn(program: string): Promise<readonly string[]>;
  /** What the compiler says of the program, a line each: `3: Type …`. */
  complaintsOf(program: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Starts the server. Throws if the compiler has none. */
export async function openEditor(): Promise<Editor> {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-editor-'));
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
  await symlink(join(root, 'packages/e2e/node_modules/@anyimage'), join(folder, 'node_modules/@anyimage'));
  await symlink(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2023', types: ['node'], skipLibCheck: true },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, moduleDetection: 'force' },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  await writeFile(join(folder, 'program.ts'), '');

  const server = startServer();
  const ended = server.ended.then(() => rm(folder, { recursive: true, force: true }));
  const uri = pathToFileURL(join(folder, 'program.ts')).href;
  let version = 0;
  await server.ask('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { textDocument: { completion: {}, diagnostic: {} } },
  });
  server.tell('initialized', {});
  server.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version, text: '' } });

  function write(text: string): void {
    version += 1;
    server.tell('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }
  return {
    async offeredIn(program) {
      const [before, after, ...more] = program.split('¦');
      if (before === undefined || after === undefined || more.length > 0) throw new Error('one ¦ says where to look');
      write(before + after);
      const lines = before.split('\n');
      const position = { line: lines.length - 1, character: lines.at(-1)!.length };
      const found = await server.ask('textDocument/completion', { textDocument: { uri }, position });
      const { items } = found as { items: readonly { label: string }[] };
      return items.map(({ label }) => label);
    },
    async complaintsOf(program) {
      write(program);
      const found = await server.ask('textDocument/diagnostic', { textDocument: { uri } });
      const { items } = found as { items: readonly Diagnostic[] };
      const errors = items.filter(({ severity }) => severity === 1);
      return errors.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
    },
    async close() {
      await server.ask('shutdown');
      server.tell('exit');
      await ended;
    },
  };
}

interface Diagnostic {
  /** 1 = error. */
  readonly severity: number;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A language server as a child, and the questions that it is asked. */
function startServer() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let received = Buffer.alloc(0);
  let complaint = '';
  let asked = 0;
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let message = take(); message; message = take()) hear(message);
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', (code) => {
      const error = new Error(`tsc --lsp --stdio ended with ${code}: ${complaint}`);
      for (const { reject } of waiting.values()) reject(error);
      resolve();
    });
  });

  /** The next whole message that has arrived. */
  function take(): Message | undefined {
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return undefined;
    const [, length] = /Content-Length: (\d+)/i.exec(received.toString('latin1', 0, head)) ?? [];
    if (length === undefined) throw new Error(`tsc --lsp --stdio speaks no LSP: ${received.toString().slice(0, 500)}`);
    const end = head + 4 + Number(length);
    if (received.length < end) return undefined;
    const message = JSON.parse(received.toString('utf8', head + 4, end)) as Message;
    received = received.subarray(end);
    return message;
  }

  function hear({ id, method, result, error }: Message): void {
    if (id === undefined) return;
    // What the server asks of its editor: nothing is set.
    if (method !== undefined) {
      send({ id, result: null });
      return;
    }
    const question = waiting.get(id);
    waiting.delete(id);
    if (error) question?.reject(new Error(error.message));
    else question?.resolve(result);
  }

  function send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  }

  return {
    ended,
    tell: (method: string, params?: object) => send({ method, params }),
    ask(method: string, params?: object): Promise<unknown> {
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        send({ id, method, params });
      });
    },
  };
}
