// npm run bench: installs and builds what is missing, then measures. npm run bench -- growth: what grows with what is there.
// npm run bench -- batch: how near to the best a batch of many rows comes, and its memory.
// npm run bench -- plugins: what installed and unused plugins cost a start. npm run bench -- starts: what a start takes.
// npm run bench -- mcp-memory: what the MCP server takes. npm run bench -- gateway: the gateway, and another one beside it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { env, install, node, root, run } from './run.mjs';

install();
const code = await run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true });
if (code !== 0) process.exit(code);
const [first, ...rest] = process.argv.slice(2);
const others = ['batch', 'gateway', 'growth', 'plugins', 'mcp-memory', 'starts'];
const words = others.includes(first) ? [`${first}.mjs`, ...rest] : ['run.mjs', ...process.argv.slice(2)];
const child = spawn(node, words.with(0, join(root, 'bench', words[0])), { env, stdio: 'inherit' });
child.on('close', (status) => process.exit(status ?? 1));
