// npm run drift: what our tables lack or contradict of the newest SDKs in the registry; npm run drift -- openai for some of them.
// packages/drift/known.json has the differences that are known.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { env, install, node, root } from './run.mjs';

install();
const main = join(root, 'packages', 'drift', 'src', 'main.ts');
const words = ['--conditions=anyimage-source', main, ...process.argv.slice(2)];
process.exitCode = spawnSync(node, words, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
