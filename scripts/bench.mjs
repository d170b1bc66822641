// npm run bench: installs and builds what is missing, then measures.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { env, install, node, root, run } from './run.mjs';

install();
const code = await run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true });
if (code !== 0) process.exit(code);
const child = spawn(node, [join(root, 'bench', 'run.mjs'), ...process.argv.slice(2)], { env, stdio: 'inherit' });
child.on('close', (status) => process.exit(status ?? 1));
