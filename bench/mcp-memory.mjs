// npm run bench -- mcp-memory       resident memory of the MCP server: before the first picture, and after 30 of 1024 px
// Of the server and of the processes that it started, MB, as Linux tells it. Bare Node is one that waits for its stdin.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { pathOf } from './measure.mjs';

const server = pathOf('../apps/mcp/dist/anyimage-mcp.js');
const pictures = 30;

const home = await mkdtemp(join(tmpdir(), 'anyimage-memory-'));
const service = await emulator.start();
try {
  const waiting = 'process.stdin.resume(); console.log("here")';
  const bare = await withProcess(['-e', waiting], {}, async ({ pid, stdout }) => {
    await once(stdout, 'data');
    return residentMB(pid);
  });
  tell('bare Node', bare);
  for (const model of ['cogview', 'sketch']) {
    const env = { ...service.env, ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ANYIMAGE_MODEL: model };
    await withProcess([server], env, async (child) => {
      const ask = asking(child);
      const clientInfo = { name: 'bench', version: '1' };
      await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
      await ask('tools/list', {});
      tell(`${model}: before the first picture`, residentMB(child.pid), bare);
      for (let turn = 0; turn < pictures; turn++) {
        const words = { prompt: `a boat number ${turn}`, size: '1024x1024' };
        const { result } = await ask('tools/call', { name: 'generate_image', arguments: words });
        if (!result || result.isError) throw new Error(JSON.stringify(result));
        if (turn === 0) tell(`${model}: after the first picture`, await residentMB(child.pid));
      }
      tell(`${model}: after ${pictures} pictures of 1024 px`, await residentMB(child.pid));
    });
  }
} finally {
  await service.close();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}

async function tell(what, figures, bare) {
  const { own, all } = await figures;
  const times = bare ? `, ${(own / (await bare).own).toFixed(2)}x bare Node` : '';
  console.log(`${what}: ${own.toFixed(0)} MB${all > own ? `, with its processes ${all.toFixed(0)} MB` : ''}${times}`);
}

async function residentMB(pid) {
  const own = await ownMB(pid);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const others = await Promise.all(children.trim().split(' ').filter(Boolean).map(ownMB));
  return { own, all: others.reduce((sum, mb) => sum + mb, own) };
}

async function ownMB(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
}

async function withProcess(words, env, work) {
  const child = spawn(process.execPath, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: home, NO_PROXY: '*', ...env },
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    return await work(child);
  } finally {
    child.stdin.end();
    child.kill();
    await ended;
  }
}

function asking(child) {
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let last = 0;
  return (method, params) =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method, params })}\n`);
    });
}
