// npm test: exactly what CI runs. Words after -- go to vitest: npm test -- packages/core
import { spawnSync } from 'node:child_process';
import { env, install, node, published, root, run } from './run.mjs';

install();
const chosen = process.argv.slice(2);
const steps = [
  ['build and type-check', () => run('turbo', ['run', 'build', 'check-types', '--output-logs=errors-only'])],
  ['lint and format', () => run('biome', ['check', '--error-on-warnings'])],
  [
    'generated files',
    async () =>
      first(
        ['providers', 'styles', 'models-doc', 'words-doc'].map(
          (name) => () => script(`scripts/${name}.mjs`, '--check'),
        ),
      ),
  ],
  ['rooms', () => script('scripts/rooms.mjs', '--check')],
  ['unused code and dependencies', () => run('knip', ['--no-progress'])],
  [
    'what would be published',
    async () => first(published().map((folder) => () => run('publint', [folder, '--strict'], { quiet: true }))),
  ],
  ['lockfile', () => script('scripts/lockfile.mjs')],
];
const tests = ['tests', () => run('vitest', ['run', ...chosen])];

for (const [title, step] of chosen.length ? [steps[0], tests] : [...steps, tests]) {
  const started = Date.now();
  process.stdout.write(`\n— ${title}\n`);
  const code = await step();
  // The run ends with vitest's line of counts.
  if (code === 0 && title === 'tests') break;
  process.stdout.write(`  ${code === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  if (code !== 0) process.exit(code);
}

function script(...args) {
  return spawnSync(node, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

async function first(checks) {
  for (const check of checks) {
    const code = await check();
    if (code !== 0) return code;
  }
  return 0;
}
