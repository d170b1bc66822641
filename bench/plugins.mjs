// Starts with 20 installed and unused plugins, each as large as our largest provider, against starts without any, in pairs. Says for each
// start the medians in ms, and between which percents of the start the median of the differences lies with a certainty of 95 %.
// npm run bench -- plugins [PAIRS] prints it in words.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pluginListPath, pluginListText, readPluginList } from '@anyimage/host';
import { cli, endServers, listTools, toItsEnd } from './apps.mjs';
import { median, pathOf } from './measure.mjs';

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const pairs = Number(positionals[0] ?? 200);
const homes = mkdtempSync(join(tmpdir(), 'anyimage-bench-'));
const [without, withTwenty] = ['without', 'twenty'].map((name) => {
  const home = join(homes, name);
  return { home, env: { PATH: process.env.PATH, HOME: home, ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' } };
});
mkdirSync(join(withTwenty.home, 'plugins'), { recursive: true });
writeFileSync(
  pluginListPath(withTwenty.home),
  pluginListText(Array.from({ length: 20 }, pluginLike(largestManifest()))),
);
const listed = await readPluginList(withTwenty.home);
if (listed.plugins.length !== 20) throw new Error(`the list is not right: ${listed.notes[0]}`);

const starts = {
  version: ({ env }) => toItsEnd([cli, '--version'], env),
  plan: ({ env }) => toItsEnd([cli, 'a boat', '--dry-run'], env),
  tools: async ({ env }) => [await listTools(env)],
};
const found = {};
for (const [name, start] of Object.entries(starts)) {
  found[name] = await inPairs(start);
  if (!values.json) console.log(`${name}: ${wordsOf(found[name])}`);
}
rmSync(homes, { recursive: true });
if (values.json) console.log(JSON.stringify(found));

/** The two of a pair take turns in being the first. */
async function inPairs(start) {
  const times = new Map([
    [without, []],
    [withTwenty, []],
  ]);
  for (let pair = -3; pair < pairs; pair++) {
    for (const home of pair % 2 ? [without, withTwenty] : [withTwenty, without]) {
      const started = performance.now();
      const servers = await start(home);
      const ms = performance.now() - started;
      await endServers(servers ?? []);
      if (pair >= 0) times.get(home).push(ms);
    }
  }
  const [none, twenty] = [times.get(without), times.get(withTwenty)];
  const usual = median(none);
  const differences = none.map((ms, index) => ((twenty[index] - ms) / usual) * 100).sort((one, other) => one - other);
  // Of the ranks of the median, by the binomial distribution; no outlier moves them.
  const reach = Math.ceil(0.98 * Math.sqrt(pairs));
  const middle = (pairs - 1) / 2;
  const [least, most] = [Math.floor(middle - reach), Math.ceil(middle + reach)].map((rank) => {
    return differences[Math.min(Math.max(rank, 0), pairs - 1)];
  });
  return { pairs, without: usual, twenty: median(twenty), least, most };
}

function wordsOf({ without, twenty, least, most }) {
  return `${without.toFixed(1)} ms, with 20 plugins ${twenty.toFixed(1)} ms; the difference is ${least.toFixed(1)} to ${most.toFixed(1)} %`;
}

function largestManifest() {
  const packages = pathOf('../packages');
  const texts = readdirSync(packages)
    .filter((name) => name.startsWith('provider-'))
    .map((name) => readFileSync(join(packages, name, 'dist', 'manifest.json'), 'utf8'));
  return JSON.parse(texts.sort((one, other) => other.length - one.length)[0]);
}

function pluginLike(manifest) {
  return (_, index) => {
    const id = `large-${index}`;
    const own = (env) => `LARGE_${index}_${env}`;
    const renamed = (list = []) => list.map((one) => ({ ...one, env: own(one.env) }));
    const { keys, baseURLs } = manifest.provider;
    return {
      package: `anyimage-provider-${id}`,
      version: '1.0.0',
      from: `anyimage-provider-${id}`,
      folder: id,
      addedAt: new Date(0).toISOString(),
      node: '>=22.19.0',
      manifest: {
        ...manifest,
        provider: { ...manifest.provider, id, keys: renamed(keys), baseURLs: renamed(baseURLs) },
        emulator: { ...manifest.emulator, id },
      },
    };
  };
}
