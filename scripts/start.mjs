// npm start: installs and builds what is missing, then runs the command line with the given words.
// Without words it draws a demonstration picture with the embedded provider, which needs no key and no network.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { env, install, node, root, run } from './run.mjs';

const app = join(root, 'apps', 'cli', 'dist', 'anyimage.js');

install();
if (isStale()) {
  process.stderr.write('Building …\n');
  const code = await run(
    'turbo',
    ['run', 'build', '--output-logs=errors-only', '--filter=anyimage...', '--filter=anyimage-mcp...'],
    {
      quiet: true,
    },
  );
  if (code !== 0) process.exit(code);
}

const words = process.argv.slice(2);
const demonstration = ['a red sailboat at sunset, mountains behind the sea'];
const child = spawn(node, [app, ...(words.length ? words : demonstration)], {
  // npm sets INIT_CWD to the folder the person is in.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: { ...process.env, PATH: env.PATH },
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; waiting for it lets it clean up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

/** Whether any source is newer than the app. */
function isStale() {
  if (!existsSync(app)) return true;
  const built = statSync(app).mtimeMs;
  return ['packages', 'apps'].some((folder) =>
    readdirSync(join(root, folder)).some((name) => {
      const source = join(root, folder, name, 'src');
      return (
        existsSync(source) &&
        readdirSync(source, { recursive: true }).some((file) => statSync(join(source, file)).mtimeMs > built)
      );
    }),
  );
}
