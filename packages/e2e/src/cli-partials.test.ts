// Pictures that are shown while they are made, at a real terminal: each in place of the last, and nothing where nobody sees it.

import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drawTestCard } from '@anyimage/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasTerminal } from './at-terminal.ts';
import { newPerson, type Person, program } from './run-cli.ts';

let server: Server;
let person: Person;
/** What was asked, and the streams that are open. */
let bodies: Record<string, unknown>[];
let streams: ServerResponse[];

beforeEach(async () => {
  bodies = [];
  streams = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    bodies.push(body);
    if (body.stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      streams.push(response);
    } else
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: [picture('x')] }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  person = await newPerson({
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    OPENAI_API_KEY: 'test-key',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    SSH_TTY: '/dev/pts/0',
    SHELL: '/bin/sh',
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function picture(prompt: string) {
  return { b64_json: Buffer.from(drawTestCard({ prompt, width: 1024, height: 1024 })).toString('base64') };
}

function send(kind: 'partial_image' | 'completed', prompt: string): void {
  const type = `image_generation.${kind}`;
  streams[0]!.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...picture(prompt) })}\n\n`);
  if (kind === 'completed') streams[0]!.end();
}

const words = ['a boat', '-m', 'openai', '--size', '1024x1024', '--partials', '2', '-y'];

/** A terminal of 60x20 in which anyimage draws. */
function draw(...more: readonly string[]) {
  const line = [process.execPath, program, ...words, ...more].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 60 rows 20; ${line}`, '/dev/null'], {
    cwd: person.folder,
    env: person.env,
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    type: (keys: string) => child.stdin.write(keys),
    ended,
    get shown() {
      return shown;
    },
    /** Resolves to what was shown from the first `text` after `from` on. */
    async shows(text: string, from = 0): Promise<number> {
      await expect.poll(() => shown.indexOf(text, from), { timeout: 20_000 }).toBeGreaterThanOrEqual(0);
      return shown.indexOf(text, from);
    },
  };
}

const isStreaming = () => expect.poll(() => streams.length, { timeout: 20_000 }).toBe(1);
const saved = '\u001b7';
const restored = '\u001b8';

describe.skipIf(!hasTerminal)('at a terminal', () => {
  test('each takes the place of the last one below the live row, and the finished picture theirs', async () => {
    const run = draw();
    await isStreaming();
    send('partial_image', 'one');
    const first = await run.shows(restored);
    const begun = await run.shows(saved);
    expect(run.shown.slice(begun, first).match(/\n[^\n]*▀/g)).toHaveLength(14);
    // Rows go on without the picture being drawn again.
    await run.shows('drawing', first);
    send('partial_image', 'two');
    const second = await run.shows(restored, first + 1);
    expect(run.shown.slice(first, second).match(/▀[^▀]*\n|▀[^▀]*$/g)).toHaveLength(14);
    send('completed', 'three');
    expect(await run.ended).toBe(0);
    const end = run.shown.slice(run.shown.lastIndexOf('\u001b[J\u001b[?25h'));
    expect(end.match(/\n?[^\n]*▀[^\n]*\n/g)).toHaveLength(14);
    expect(end).toMatch(/boat-\w+\.png/);
    expect(bodies).toMatchObject([{ stream: true, partial_images: 2 }]);
  });

  test('Ctrl-C twice leaves neither picture nor part, a cursor, and the word that it may be billed', async () => {
    const run = draw();
    await isStreaming();
    send('partial_image', 'one');
    await run.shows(restored);
    run.type('\u0003');
    const asked = await run.shows('Ctrl-C again gives it up');
    await run.shows(restored, asked);
    run.type('\u0003');
    expect(await run.ended).toBe(130);
    const end = run.shown.slice(run.shown.lastIndexOf('\u001b[?25h'));
    expect(end).not.toContain('▀');
    expect(end).not.toContain('\u001b[?25l');
    const said = end.replaceAll(/\s+/g, ' ');
    expect(said).toContain('What came of the answer until then is kept');
    expect(said).toContain('it may have been billed');
    expect((await readdir(person.folder)).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  test.each([
    ['--no-preview', /partial pictures are shown at a terminal alone.*none is asked for/s],
    ['-q', /^boat-\w+\.png\s*$/],
    ['--json', /"images"/],
  ])('with %s none is asked for', async (flag, said) => {
    const run = draw(flag);
    expect(await run.ended).toBe(0);
    expect(run.shown).toMatch(said);
    expect(run.shown).not.toContain('▀');
    expect(bodies[0]).not.toHaveProperty('partial_images');
  });
});

test('where there is no terminal none is asked for, and it is said; the price is for what is sent', async () => {
  const plan = await person.run(...words, '--quality', 'low', '--dry-run', '--json');
  expect(plan.stderr).toContain('none is asked for');
  expect(JSON.parse(plan.stdout).plan.estimate.amount).toBe(0.007);
  expect(await person.run(...words)).toMatchObject({ code: 0, stderr: expect.stringContaining('none is asked for') });
  expect(bodies[0]).not.toHaveProperty('stream');
});

test('more than a model makes, a model without them, and compare are refused before anything is sent', async () => {
  expect(await person.run('a boat', '-m', 'openai', '--partials', 'two')).toMatchObject({ code: 2 });
  expect(await person.run('compare', 'a boat', '-m', 'sketch', '-m', 'openai', '--partials', '2')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Leave --partials out.'),
  });
  expect(bodies).toEqual([]);
});
