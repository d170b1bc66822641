// anyimage models update

import { ImageError, isRecord } from '@anyimage/core';
import {
  changesText,
  type FoundTables,
  fetchTables,
  findInstalled,
  type InstalledTables,
  installedTables,
  knownServices,
  lastUpdate,
  noteUndone,
  type ProposedTables,
  proposeTables,
  secretsOf,
  takeTables,
  type UndoneTables,
  undoTables,
  withLowerPrices,
} from '@anyimage/host';
import { proposedDocument } from '../../print/packages/table-document.ts';
import { passedText, proposedText } from '../../print/packages/table-text.ts';
import { sayError, sayNote } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { atPluginDesk, type PluginDesk } from '../../session/plugin-desk.ts';

interface UpdateFlags {
  readonly yes?: true;
  readonly acceptLowerPrices?: true;
  readonly dryRun?: true;
  readonly undo?: true;
  readonly json?: true;
}

/** What became of the table of one provider. */
interface Looked {
  readonly installed: InstalledTables;
  readonly found?: FoundTables;
  /** What is newer than what holds. */
  readonly proposed?: ProposedTables;
  readonly error?: ImageError;
}

/**
 * Fetches newer tables, shows what would change, and uses them after a yes. Returns the exit code: 2 without a yes, or if one could not be
 * fetched or used. Throws `not-found`, `config`, `storage`, and `invalid-request` before anything is fetched where nobody can be asked.
 */
export async function updateModels(id: string | undefined, flags: UpdateFlags): Promise<number> {
  if (!flags.yes && !flags.dryRun && !flags.undo && !canAsk()) throw nobodyToAsk();
  return atPluginDesk(async (desk) => {
    const { plugins, providers, notes } = await knownServices(desk.options.home);
    for (const line of notes) sayNote(line);
    const all = installedTables(plugins);
    const chosen = id === undefined ? all : [findInstalled(id, all)];
    return flags.undo ? undo(chosen, desk, flags) : update(chosen, desk, secretsOf(providers), flags);
  }, 'interrupted; anyimage models update --dry-run shows what is not used yet');
}

async function update(
  chosen: readonly InstalledTables[],
  desk: PluginDesk,
  secrets: readonly string[],
  flags: UpdateFlags,
): Promise<number> {
  const looked = await lookAll(chosen, desk, secrets);
  const shown = looked.flatMap(({ proposed }) => (proposed && isTelling(proposed) ? [proposed] : []));
  for (const proposed of shown) note(proposedText(proposed, paintFor(process.stderr)));
  const agreed = await agree(shown, flags);
  desk.options.signal?.throwIfAborted();
  const used = agreed ? await takeAll(agreed, desk) : [];
  const errors = [...looked, ...used].flatMap(({ error }) => error ?? []);
  if (flags.json) {
    const tables = looked.map((one) => {
      const done = used.find(({ proposed }) => proposed.installed === one.installed);
      return proposedDocument({ ...one, ...done, used: done?.isUsed ?? false });
    });
    printDocument({ dryRun: flags.dryRun ?? false, tables });
  } else tell(looked, used, flags);
  if (!agreed && !flags.dryRun) note(translated('no table was changed'));
  return errors.length > 0 || (!agreed && !flags.dryRun) ? 2 : 0;
}

function isTelling({ rows, lower, leftOut }: ProposedTables): boolean {
  return rows.length + lower.length + leftOut.length > 0;
}

/** Asks the registry for one after the other. What no other could get either is not tried again. */
async function lookAll(
  chosen: readonly InstalledTables[],
  desk: PluginDesk,
  secrets: readonly string[],
): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const installed of chosen) {
    const one = await look(installed, desk, secrets, chosen.length === 1);
    looked.push(one);
    if (!one.error) continue;
    sayError(one.error);
    const others = chosen.length - looked.length;
    if (others > 0 && isForAll(one.error)) {
      sayNote(translated('the other providers were not asked after'));
      break;
    }
  }
  return looked;
}

/** Whether the next provider would meet the same: there is no npm, or no way to the registry. */
function isForAll({ code, details }: ImageError): boolean {
  return code === 'network' || code === 'storage' || (isRecord(details) && details.lacks === 'npm');
}

async function look(
  installed: InstalledTables,
  { options, showing }: PluginDesk,
  secrets: readonly string[],
  isNamed: boolean,
): Promise<Looked> {
  const { provider, addedFrom } = installed;
  if (addedFrom !== undefined) return { installed };
  try {
    const found = await showing(translated('asking for the table of {provider}', { provider }), () =>
      fetchTables(installed, { ...options, secrets }),
    );
    const { newer } = found;
    return { installed, found, ...(newer && { proposed: proposeTables(options.home, installed, newer) }) };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!ImageError.isInstance(error)) throw error;
    // Of many, one that nobody has published is no failure.
    return error.code === 'not-found' && !isNamed ? { installed } : { installed, error };
  }
}

/** What the person wants used of what was shown; `undefined` = nothing was agreed to. */
async function agree(
  shown: readonly ProposedTables[],
  { yes, acceptLowerPrices, dryRun }: UpdateFlags,
): Promise<readonly ProposedTables[] | undefined> {
  if (dryRun) return undefined;
  const all = acceptLowerPrices ? shown.map(withLowerPrices) : shown;
  const changing = all.filter(({ rows }) => rows.length > 0);
  const isAgreed = yes ?? (changing.length === 0 || (await askYes(translated('Use what is new?'))));
  if (!isAgreed) return undefined;
  const isLower = all.some(({ lower }) => lower.length > 0);
  if (acceptLowerPrices || yes || !isLower) return all;
  const question = 'Use the lower prices, too? A budget lets more through by them.';
  return (await askYes(translated(question))) ? all.map(withLowerPrices) : all;
}

interface Taken {
  readonly proposed: ProposedTables;
  readonly isUsed: boolean;
  readonly error?: ImageError;
}

async function takeAll(agreed: readonly ProposedTables[], { options }: PluginDesk): Promise<readonly Taken[]> {
  // One time for all: they are one update, and undone as one.
  const at = Date.now();
  const taken: Taken[] = [];
  for (const proposed of agreed) {
    try {
      taken.push({ proposed, isUsed: await takeTables(options.home, proposed, at) });
    } catch (error) {
      if (!ImageError.isInstance(error)) throw error;
      sayError(error);
      taken.push({ proposed, isUsed: false, error });
    }
  }
  return taken;
}

/** Words of `changesText`. */
const changeWords = /\b(?:new|changed|retired|all as it was, checked again)\b/g;

function tell(looked: readonly Looked[], used: readonly Taken[], { dryRun }: UpdateFlags): void {
  for (const { installed, found, proposed } of looked) {
    const { provider, addedFrom, version } = installed;
    const passed = found && passedText(found);
    if (passed !== undefined) sayNote(`${provider}: ${passed}`);
    const done = used.find((one) => one.proposed.installed === installed);
    if (addedFrom !== undefined) {
      note(
        translated('{provider}: anyimage plugins update {provider} fetches it again from {place}, its table with it', {
          provider,
          place: addedFrom,
        }),
      );
    } else if (done?.isUsed)
      note(
        translated('{provider}: the table of {version} is used: {changes}', {
          provider,
          version: done.proposed.newer.version,
          changes: changesText(done.proposed.rows).replace(changeWords, (word) => translated(word)),
        }),
      );
    else if (found && !proposed)
      note(translated('{provider}: the registry has no table newer than {version}', { provider, version }));
    else if (proposed && proposed.rows.length === 0)
      note(translated('{provider}: nothing is new in {version}', { provider, version: proposed.newer.version }));
  }
  const isLower = used.some(({ proposed }) => proposed.lower.length > 0 && !proposed.takesLower);
  if (isLower && !dryRun) sayNote(translated('lower prices stay as they were; --accept-lower-prices uses them'));
  if (used.some(({ isUsed }) => isUsed)) sayNote(translated('anyimage models update --undo takes it back'));
}

async function undo(chosen: readonly InstalledTables[], { options }: PluginDesk, flags: UpdateFlags): Promise<number> {
  const last = lastUpdate(options.home, chosen);
  const undone: UndoneTables[] = [];
  for (const { provider } of flags.dryRun ? [] : last) {
    const done = await undoTables(options.home, findInstalled(provider, chosen));
    if (!done) continue;
    undone.push(done);
    await noteUndone(options.home, done);
  }
  const told = flags.dryRun ? last : undone;
  if (flags.json) printDocument({ dryRun: flags.dryRun ?? false, undone: told });
  else if (told.length === 0) note(translated('there is no update to undo'));
  else {
    for (const { provider, version, back } of told) {
      const places = { provider, back, version };
      note(
        flags.dryRun
          ? translated('{provider}: the table of {back} would hold again, in place of {version}', places)
          : translated('{provider}: the table of {back} holds again, in place of {version}', places),
      );
    }
  }
  return 0;
}

function nobodyToAsk(): ImageError {
  return new ImageError('invalid-request', 'tables are used after a yes, and there is no terminal to ask at', {
    hint: '--yes says it beforehand; --dry-run only shows what is new.',
  });
}
