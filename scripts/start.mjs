// npm start: installs and builds what is missing, then runs the command line with the given words.
// Without words it draws a demonstration picture with the embedded provider, which needs no key and no network.
// link and unlink put both apps on PATH, and take them away.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { link, unlink } from './link/link.mjs';
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
// npm sets INIT_CWD to the folder the person is in.
const cwd = process.env.INIT_CWD ?? process.cwd();
const [verb, ...rest] = words;
if ((verb === 'link' || verb === 'unlink') && (rest.length === 0 || (rest.length === 2 && rest[0] === '--to'))) {
  process.exit(changeLinks(verb === 'link' ? link : unlink, rest[1]));
}
const demonstration = ['a red sailboat at sunset, mountains behind the sea'];
const child = spawn(node, [app, ...(words.length ? words : demonstration)], {
  cwd,
  env: { ...process.env, PATH: env.PATH },
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; waiting for it lets it clean up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

function changeLinks(change, to) {
  const { PATH: path = '', npm_config_global_prefix: prefix } = process.env;
  const place = { root, node, home: homedir(), path, prefix, windows: process.platform === 'win32' };
  try {
    for (const line of change(place, to === undefined ? undefined : resolve(cwd, to))) console.log(line);
    return 0;
  } catch (error) {
    console.error(`error: ${error.message}`);
    return 2;
  }
}

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
