// Writes docs/models.md, the table of every model of every provider and kind of server, from the built packages.
// --check writes nothing, unless there is --write, and fails if the page is stale, if a retired model names no successor, or if a row is
// too old: last checked more than 180 days ago, or before the day it retired. docs/rechecks.json excuses the rows it names, for 180 days:
// [{ "rows": ["provider/model"], "tried": "YYYY-MM-DD", "reason": "why the rows keep their dates" }]
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeSizes, modelStatus } from '../packages/core/dist/index.js';
import { root } from './run.mjs';

const page = join(root, 'docs', 'models.md');
// Tomorrow is today already in the east.
const [oldest, today, tomorrow] = [-180, 0, 1].map((days) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
);

/** Of a service that says itself what its models can do. */
const ofCatalogue = 'Its catalogue says what its models can do now: `anyimage models --refresh` reads it.';

const packages = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((folder) => existsSync(join(folder, 'dist', 'manifest.json')));
const providers = packages.map((folder) => readJSON(folder, 'dist', 'manifest.json').provider);
const servers = (await Promise.all(packages.map(serversOf))).flat();
const rows = new Map([...providers, ...servers].flatMap(rowsOf).map(({ id, row }) => [id, row]));
const rechecks = readJSON(root, 'docs', 'rechecks.json');
// The check sees to it that these are the rows whose date is too old.
const old = new Set(rechecks.flatMap(({ rows: ids = [] }) => ids));
const unpriced = [...rows.values()].filter((row) => prices(row) === 'unknown').length;

const text = `# Models

What each provider's capability table says, written by \`node scripts/models-doc.mjs\`. Do not edit.
\`anyimage models PROVIDER/MODEL\` shows all that is known of one.

*From* says where a row comes from: *written* with the code, after the page that is named as its source. What a machine adds is shown by \`anyimage models\` alone:
rows of the *catalogue* of a service, *updated* ones (\`anyimage models update\`), and one's *own* (\`anyimage models add\`).

The last column is the day when the row was last checked, with its source. **Old** stands beside a day that is more than 180 days ago, or before the
model's end: a newer source was looked for in vain, and [rechecks.json](rechecks.json) says when and why. ${old.size} of the ${rows.size} rows are old.
The price of ${unpriced} rows is unknown: no source names it, or the row stands for models of any price. A question mark stands behind a price that is not sure.

${providers.map((provider) => `## ${section(provider)}`).join('\n')}
## Kinds of server

A server of one's own is an entry of a config with its kind: \`{"providers": {"my-box": {"kind": "localai"}}}\`.

${servers.map((server) => `### ${section(server)}`).join('\n')}`;

const [isChecked, isWritten] = ['--check', '--write'].map((flag) => process.argv.includes(flag));
if (isWritten || !isChecked) writeFileSync(page, text);
if (isChecked) {
  const problems = [...rechecks.flatMap(badRecheck), ...tooOld()];
  if (!existsSync(page) || readFileSync(page, 'utf8') !== text)
    problems.push('docs/models.md is stale: node scripts/models-doc.mjs');
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length ? 1 : 0;
}

function readJSON(...path) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

/** The kinds of server that a package offers, in the form of a manifest. `scope` keeps their rows apart from the providers'. */
async function serversOf(folder) {
  const { endpoints } = readJSON(folder, 'package.json').anyimage;
  if (!endpoints) return [];
  const code = await import(pathToFileURL(join(folder, 'dist', 'index.js')).href);
  return Object.entries(code[endpoints.kinds]).map(([id, { row, models = {}, ...server }]) => {
    return { ...server, id, scope: `${endpoints.kinds}/${id}`, models, unlisted: row };
  });
}

/** A table's rows: its models, and what stands for every other, by families where there are such. */
function rowsOf({ id, scope = id, models, unlisted }) {
  const families = Object.entries(unlisted?.families?.rows ?? {});
  const others = unlisted ? [['', unlisted], ...families.map(([name, { row }]) => [` (${name})`, row])] : [];
  const rest = Object.keys(models).length ? 'any other' : 'any';
  return [
    ...Object.entries(models).map(([name, row]) => ({ id: `${scope}/${name}`, name, row })),
    ...others.map(([family, row]) => ({ id: `${scope}/*${family}`, name: `${rest}${family}`, isOther: true, row })),
  ];
}

function badRecheck({ rows: ids = [], tried, reason, ...rest }) {
  const where = `docs/rechecks.json, ${ids[0] ?? 'an entry without rows'}`;
  const unknown = Object.keys(rest).map((key) => `${where}: there is no ${key}, only rows, tried and reason`);
  return [
    !ids.length && `${where}: name the rows that were tried`,
    !(isDay(tried) && tried <= tomorrow) && `${where}: tried must be a past day, such as ${today}, not ${tried}`,
    !reason?.trim() && `${where}: give the reason why the rows keep their dates`,
    ...unknown,
    ...ids.map((id) => !rows.has(id) && `docs/rechecks.json: ${id} is no row, correct or remove it`),
  ].filter(Boolean);
}

function tooOld() {
  return [...rows].flatMap(([id, row]) => {
    const tries = rechecks.filter(({ rows: ids = [] }) => ids.includes(id)).map(({ tried }) => tried);
    const fault = faultOf(row, row.checked);
    return [
      !isDay(row.checked) && `${id}: checked must be a day, such as ${today}, not ${row.checked}`,
      fault && !tries.some((tried) => !faultOf(row, tried)) && `${id} ${fault}: check it again${lastTry(tries)}`,
      !fault &&
        tries.length &&
        `docs/rechecks.json: ${id} needs no recheck, it was checked on ${row.checked}; remove it`,
      row.retires <= today && !row.successor && `${id} was retired on ${row.retires} and names no successor`,
    ].filter(Boolean);
  });
}

/** Why a look at a row on that day is not enough; undefined if it is. */
function faultOf({ retires }, day) {
  if (!(day >= oldest)) return `was last checked on ${day}, more than 180 days ago`;
  if (retires < today && day < retires)
    return `was to retire on ${retires} and was last checked on ${day}, before that`;
  return undefined;
}

function lastTry(tries) {
  return tries.length ? ` (docs/rechecks.json tried in vain on ${tries.join(', ')}, which excuses it no more)` : '';
}

function isDay(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function section(table) {
  const { id, label, keys, defaultModel, catalogue } = table;
  const lines = rowsOf(table).map(({ id: full, name, row, isOther }) =>
    [
      name === defaultModel ? `**${name}**` : name,
      isOther ? 'unknown' : state(row),
      operations(row),
      sizes(row),
      prices(row),
      languages(row),
      row.origin ?? 'written',
      `${source(row)}${old.has(full) ? ' **old**' : ''}`,
    ].join(' | '),
  );
  return `${label} (\`${id}\`)

${keys.length ? `Keys: ${keys.map(({ env }) => `\`${env}\``).join(', ')}. ` : 'Needs no key. '}${preset(table)} ${ages(table)}${catalogue ? ` ${ofCatalogue}` : ''}

| model | status | operations | sizes | price | prompt languages | from | source |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.map((line) => `| ${line} |`).join('\n')}
`;
}

function ages(table) {
  const days = rowsOf(table)
    .map(({ row }) => row.checked)
    .sort();
  const [first, last] = [days[0], days.at(-1)];
  return first === last ? `Checked on ${last}.` : `Checked between ${first} and ${last}.`;
}

function preset({ models, defaultModel }) {
  if (defaultModel === undefined) return 'There is no default model.';
  return Object.hasOwn(models, defaultModel)
    ? 'The default model is bold.'
    : `The default model is \`${defaultModel}\`.`;
}

function state(row) {
  const local = Object.entries(row.regions ?? {}).map(([region, ending]) => [region, datesOf(ending)]);
  const dates = [datesOf(row), ...local.map(([region, text]) => text && `in ${region} ${text}`)].filter(Boolean);
  return dates.length ? dates.join('; ') : modelStatus(row, row.checked);
}

function datesOf({ deprecated, retires, retiresUnsure, successor }) {
  return [
    deprecated && `deprecated ${deprecated}`,
    retires && `${retiresUnsure ? 'probably ' : ''}ends ${retires}`,
    successor && `then ${successor}`,
  ]
    .filter(Boolean)
    .join(', ');
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
  const shown = all.map(({ amount, further, currency, per, inputs, when, unsure }) => {
    const where = when
      ? ` (${Object.entries(when)
          .map(([word, value]) => conditionText(word, value))
          .join(', ')})`
      : '';
    const more = further === undefined ? '' : `, further ones ${further}`;
    const each = inputs ? ` and ${inputs.amount}/${inputs.per} given` : '';
    return amount === 0 ? `free${where}` : `${amount} ${currency}/${per}${more}${each}${where}${unsure ? '?' : ''}`;
  });
  return shown.length > 6 ? `${shown.slice(0, 6).join(', ')} …` : shown.join(', ');
}

function conditionText(word, value) {
  if (word === 'maxPixels') return `up to ${value.toLocaleString('en')} px`;
  if (word === 'maxInputs') return `up to ${value} input`;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function languages(row) {
  return row.prompt?.languages?.join(', ') ?? 'any';
}

function source(row) {
  return `[${row.checked}](${row.source})`;
}
