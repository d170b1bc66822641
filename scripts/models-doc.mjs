// Writes docs/models.md, the table of every model of every provider, from the built manifests.
// --check fails if the page is stale, if a model is past its retirement without a successor to name, or if a row was last checked
// more than 180 days ago and nobody has tried since: docs/rechecks.json says, by provider, when that was tried in vain.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSizes, modelStatus } from '../packages/core/dist/index.js';
import { root } from './run.mjs';

const page = join(root, 'docs', 'models.md');
const today = new Date().toISOString().slice(0, 10);
const oldest = new Date(Date.now() - 180 * 86_400_000).toISOString().slice(0, 10);

const rechecks = JSON.parse(readFileSync(join(root, 'docs', 'rechecks.json'), 'utf8'));

const providers = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name, 'dist', 'manifest.json'))
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));

const text = `# Models

What each provider's capability table says, written by \`node scripts/models-doc.mjs\`. Do not edit.
\`anyimage models PROVIDER/MODEL\` shows all that is known of one.

${providers.map(section).join('\n')}`;

if (!process.argv.includes('--check')) writeFileSync(page, text);
else {
  const problems = providers.flatMap(({ id, models }) =>
    Object.entries(models).flatMap(([name, row]) => complaints(id, name, row)),
  );
  if (!existsSync(page) || readFileSync(page, 'utf8') !== text)
    problems.push('docs/models.md is stale: node scripts/models-doc.mjs');
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
}

function complaints(id, model, row) {
  const name = `${id}/${model}`;
  const isStale = row.checked < oldest && !(rechecks[id]?.tried >= oldest);
  return [
    isStale && `${name} was last checked on ${row.checked}, more than 180 days ago`,
    row.retires &&
      row.retires <= today &&
      !row.successor &&
      `${name} was retired on ${row.retires} and names no successor`,
  ].filter(Boolean);
}

function section({ id, label, models, defaultModel, keys }) {
  const rows = Object.entries(models).map(([name, row]) =>
    [
      name === defaultModel ? `**${name}**` : name,
      state(row),
      operations(row),
      sizes(row),
      prices(row),
      languages(row),
      source(row),
    ].join(' | '),
  );
  return `## ${label} (\`${id}\`)

${keys.length ? `Keys: ${keys.map(({ env }) => `\`${env}\``).join(', ')}. ` : 'Needs no key. '}The default model is bold.

| model | status | operations | sizes | price | prompt languages | source |
| --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function state(row) {
  const status = modelStatus(row, row.checked);
  const dates = [
    row.deprecated && `deprecated ${row.deprecated}`,
    row.retires && `${row.retiresUnsure ? 'probably ' : ''}ends ${row.retires}`,
    row.successor && `then ${row.successor}`,
  ].filter(Boolean);
  return dates.length ? dates.join(', ') : status;
}

function operations(row) {
  return Object.keys(row.operations).join(', ');
}

function sizes(row) {
  const rules = [row, ...Object.values(row.operations)].map(({ size }) => size).filter(Boolean);
  return rules.length ? [...new Set(rules.map(describeSizes))].join('; or ') : 'not chosen';
}

function prices(row) {
  const all = [row, ...Object.values(row.operations)].flatMap(({ prices = [] }) => prices);
  if (!all.length) return 'unknown';
  const shown = all.map(({ amount, currency, per, when, unsure }) => {
    const where = when
      ? ` (${Object.values(when)
          .map((value) => (typeof value === 'object' ? JSON.stringify(value) : value))
          .join(', ')})`
      : '';
    return amount === 0 ? `free${where}` : `${amount} ${currency}/${per}${where}${unsure ? '?' : ''}`;
  });
  return shown.length > 6 ? `${shown.slice(0, 6).join(', ')} …` : shown.join(', ');
}

function languages(row) {
  return row.prompt?.languages?.join(', ') ?? 'any';
}

function source(row) {
  return `[${row.checked}](${row.source})`;
}
