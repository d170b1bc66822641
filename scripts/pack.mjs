// npm run pack: the tarballs of all packages and both apps, as a registry would get them, in dist-tarballs or where --to says.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { install, manifestOf, published, root, run } from './run.mjs';

const { values } = parseArgs({ options: { to: { type: 'string', default: join(root, 'dist-tarballs') } } });
// npm runs scripts in the root, and sets INIT_CWD to the folder the person is in.
const to = resolve(process.env.INIT_CWD ?? '.', values.to);

install();
// A build leaves what older sources made; that must not be packed.
for (const folder of published()) rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
const code =
  (await run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true })) || (await pack(published()));
process.exit(code);

async function pack(folders) {
  mkdirSync(to, { recursive: true });
  for (const folder of folders) {
    const { name, version } = manifestOf(folder);
    const file = join(to, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    const failed = await run('pnpm', ['-C', join(root, folder), 'pack', '--out', file], { quiet: true });
    if (failed) return failed;
    console.log(`${String(Math.ceil(statSync(file).size / 1024)).padStart(5)} kB  ${file}`);
  }
  return 0;
}
