// anyimage models add openai/gpt-image-3 --like openai/gpt-image-2

import { join, resolve } from 'node:path';
import {
  didYouMean,
  findRow,
  ImageError,
  idsOf,
  type LazyProvider,
  limitsOf,
  nearest,
  rowIn,
  shortList,
} from '@anyimage/core';
import {
  changeConfig,
  findProjectConfig,
  findProvider,
  homeFolder,
  knownServices,
  listModels,
  loadSettings,
  type ModelFacts,
  type NamedOwnModels,
  namedModels,
  projectConfigName,
  providerCheck,
  readOwnModel,
  type Settings,
  userConfigPath,
} from '@anyimage/host';
import { modelText } from '../../print/model-text.ts';
import { priceText } from '../../print/row-text.ts';
import { sayConflict, sayNote, sayWarning } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import {
  type ChangeFlags,
  type Changes,
  isEmpty,
  type OwnRow,
  readChanges,
  refuseNothingTaken,
  withChanges,
  wordsOf,
} from './row-changes.ts';

interface PlaceFlags {
  /** In the config of the project. */
  readonly project?: true;
  readonly json?: true;
}

interface AddFlags extends Omit<ChangeFlags, 'unset'>, PlaceFlags {
  readonly like?: string;
  /** Also over a model that there is already. */
  readonly force?: true;
}

interface EditFlags extends ChangeFlags, PlaceFlags {
  readonly like?: string;
}

/**
 * Adds a model of the person's own to a config, shows it, and returns the exit code. Throws `invalid-request`, `not-found`, `config`,
 * `storage`.
 */
export async function addModel(name: string, flags: AddFlags): Promise<number> {
  const changes = readChanges(flags);
  const place = await openPlace(name, flags);
  const { provider, id } = place;
  const there = findRow(provider.definition, id);
  if (there && !flags.force)
    throw thereAlready(name, `${provider.definition.id}/${there.id}`, there.row.origin === 'own');
  const like = flags.like === undefined ? likeItself(place) : likeIn(flags.like, place);
  await change(place, (before) => {
    if (before && !flags.force) throw thereAlready(name, name, true);
    return made({ like }, changes, place);
  });
  return show(place, flags);
}

/**
 * Changes a model of the person's own, or lays one over a row of a table, shows it, and returns the exit code. Throws as `addModel`.
 */
export async function editModel(name: string, flags: EditFlags): Promise<number> {
  const changes = readChanges(flags);
  if (isEmpty(changes) && flags.like === undefined) {
    throw new ImageError('invalid-request', 'nothing is to be changed', {
      hint: `Say what: anyimage models edit ${name} --price 0.04USD/image, or --set, --unset or --like.`,
    });
  }
  const place = inTable(await openPlace(name, flags));
  const like = flags.like === undefined ? undefined : likeIn(flags.like, place);
  const usual = place.settings.config.models?.[place.name] as OwnRow | undefined;
  if (!usual && !findRow(place.provider.definition, place.id)) throw noSuchModel(place);
  await change(place, (before = usual ?? { like: place.id }) =>
    made({ ...before, ...(like !== undefined && { like }) }, changes, place),
  );
  return show(place, flags);
}

/** By the id of the table, where it was named by another of its names. */
function inTable(place: Place): Place {
  const { name, id, provider } = place;
  const found = findRow(provider.definition, id);
  if (!found || found.id === id) return place;
  const inFull = `${provider.definition.id}/${found.id}`;
  sayNote(translated('{name} is another name of {model}', { name, model: inFull }));
  return { ...place, id: found.id, name: inFull };
}

/** Takes a model of the person's own out of a config, says what holds then, and returns the exit code. Throws `not-found`, `config`, `storage`. */
export async function removeModel(name: string, { project, json }: PlaceFlags): Promise<number> {
  const path = configPath(project);
  // The settings are not read first: this command has to work while the model is what is wrong.
  await changeConfig(
    path,
    keyOf(name),
    (before) => {
      if (before === undefined) throw notOwn(name, path);
      return undefined;
    },
    project ? undefined : await checkOfPerson(),
  );
  if (json) printDocument({ removed: name, path });
  note(translated('{name} is not in {path} any more', { name, path }));
  const settings = await loadSettings({ onConflict: sayConflict });
  for (const line of settings.notes) sayNote(line);
  sayNote(whatHolds(name, settings));
  for (const key of keysNaming(name, settings)) sayNote(translated('{key} names it', { key }));
  return 0;
}

/** Where a model is written, and what it is written over. */
interface Place {
  readonly name: string;
  readonly id: string;
  /** Of the model, with all models that the config names. */
  readonly provider: LazyProvider;
  /** Those of the config: of a project as if it were trusted. */
  readonly settings: Settings;
  readonly path: string;
  readonly isProject: boolean;
}

/** Finds the provider of a name, and the config. Throws `not-found` with the nearest names, `config`, `storage`. */
async function openPlace(name: string, { project }: PlaceFlags): Promise<Place> {
  const path = configPath(project);
  const settings = await loadSettings(project ? { asTrusted: true } : { withoutProject: true });
  const slash = name.indexOf('/');
  const wanted = slash < 0 ? name : name.slice(0, slash);
  const provider = findProvider(settings.providers, wanted);
  const id = slash < 0 ? '' : name.slice(slash + 1);
  if (provider && id) {
    return { name: `${provider.definition.id}/${id}`, id, provider, settings, path, isProject: project ?? false };
  }
  const ids = settings.providers.map(({ definition }) => definition.id);
  if (provider) {
    throw new ImageError('invalid-request', `${JSON.stringify(name)} names no model`, {
      details: { option: 'name', asked: name },
      hint: `Write PROVIDER/MODEL, such as ${wanted}/NAME.`,
    });
  }
  const near = nearest(wanted, ids, 1);
  throw new ImageError('not-found', `there is no provider ${JSON.stringify(wanted)}`, {
    details: { option: 'name', asked: name, nearest: near },
    hint: didYouMean(
      near.map((one) => (id ? `${one}/${id}` : one)),
      `Write PROVIDER/MODEL. Providers: ${shortList(ids)}.`,
    ),
  });
}

function configPath(project: true | undefined): string {
  if (!project) return userConfigPath(homeFolder());
  return findProjectConfig('.') ?? join(resolve('.'), projectConfigName);
}

async function checkOfPerson() {
  return providerCheck(await knownServices(homeFolder()));
}

function keyOf(name: string): string {
  return `models.${name}`;
}

async function change({ name, path, isProject }: Place, make: (before: OwnRow | undefined) => OwnRow): Promise<void> {
  const check = isProject ? undefined : await checkOfPerson();
  await changeConfig(path, keyOf(name), (before) => make(before as OwnRow | undefined), check);
}

/** The row with the changes, checked over the tables. */
function made(start: OwnRow, changes: Changes, { name, settings }: Place): OwnRow {
  const definitions = settings.withoutOwn.map(({ definition }) => definition);
  const read = (row: OwnRow) => {
    const models = { ...settings.config.models, [name]: row } as NamedOwnModels;
    return readOwnModel(name, models, definitions);
  };
  const before = read(start);
  if ('row' in before) refuseNothingTaken(changes, before.row);
  return withChanges(start, changes, (row) => {
    const after = read(row);
    if ('row' in after) return;
    const { message, hint, path } = after.problem;
    throw new ImageError('config', message, { hint, details: { option: 'models', path } });
  });
}

/** The id of the model of `--like`, which is of the same provider. */
function likeIn(like: string, { name, provider: { definition }, settings }: Place): string {
  const { id, models } = definition;
  const wanted = like.startsWith(`${id}/`) ? like.slice(id.length + 1) : like;
  const found = findRow(definition, wanted);
  if (found) return found.id;
  const isOfOther = settings.providers.some(
    ({ definition: other }) => other.id !== id && like.startsWith(`${other.id}/`),
  );
  if (isOfOther) {
    throw new ImageError('invalid-request', `${name} cannot be like ${like}: that is a model of another provider`, {
      details: { option: 'like', asked: like },
      hint: `Name one of ${id}: ${shortList(Object.keys(models))}.`,
    });
  }
  const near = nearest(
    wanted,
    Object.entries(models).flatMap(([one, row]) => idsOf(one, row)),
  ).map((one) => `${id}/${one}`);
  throw new ImageError('not-found', `${id} has no model ${JSON.stringify(wanted)} that ${name} could be like`, {
    details: { option: 'like', asked: like, nearest: near },
    hint: didYouMean(near, `Its models: ${shortList(Object.keys(models))}.`),
  });
}

/** What no table knows is like any model that the provider passes on. */
function likeItself({ name, id, provider: { definition } }: Place): string {
  if (definition.unlisted || findRow(definition, id)) return id;
  const ids = Object.keys(definition.models);
  const [usual = ids[0]] = nearest(id, ids, 1);
  throw new ImageError('invalid-request', `which model ${name} is like is not said`, {
    details: { option: 'like' },
    hint: `Name one: anyimage models add ${name} --like ${definition.id}/${usual}.`,
  });
}

function thereAlready(name: string, there: string, isOwn: boolean): ImageError {
  const what = name === there ? 'is there already' : `is there already, as ${there}`;
  return new ImageError('invalid-request', `${name} ${what}${isOwn ? ', as a model of your own' : ''}`, {
    details: { option: 'name', asked: name },
    hint: `anyimage models edit ${name} changes it; --force writes it anew.`,
  });
}

function noSuchModel({ name, id, provider: { definition } }: Place): ImageError {
  const near = nearest(id, Object.keys(definition.models)).map((one) => `${definition.id}/${one}`);
  return new ImageError('not-found', `there is no model ${name}`, {
    details: { option: 'name', asked: name, nearest: near },
    hint: didYouMean(near, `anyimage models add ${name} adds it.`),
  });
}

function notOwn(name: string, path: string): ImageError {
  return new ImageError('not-found', `${name} is no model of your own: it is not in ${path}`, {
    details: { option: 'name', asked: name },
    hint: 'anyimage config get models lists those.',
  });
}

/** Shows the model as it is now, what of it is whose word, and what is missing of it. */
async function show(place: Place, { json }: PlaceFlags): Promise<number> {
  const { name, id, path, isProject } = place;
  const settings = await loadSettings(
    isProject ? { asTrusted: true, onConflict: sayConflict } : { withoutProject: true },
  );
  const { providers, shownEnv, config, tables } = settings;
  const facts = listModels(providers, shownEnv, tables, Date.now()).find((one) => one.name === name);
  const own = config.models?.[name] as OwnRow | undefined;
  if (!facts || !own) throw new ImageError('config', `${name} is not used: ${settings.notes.join('; ')}`);
  const yours = wordsOf(own).map((word) => word.join('.'));
  if (json) printDocument({ model: name, path, like: own.like ?? null, yours, capabilities: facts.row });
  else print(modelText(facts, paintFor(process.stdout)));
  note(translated('{name} is in {path}: {origin}', { name, path, origin: originText(own, id, facts, yours) }));
  warnOfPrice(facts, settings);
  await sayHere(place);
  return 0;
}

/** What was taken over, and what is the person's word. */
function originText({ like }: OwnRow, id: string, { provider, row }: ModelFacts, yours: readonly string[]): string {
  const words = shortList(yours);
  if (like === undefined) return translated('all of it is your word');
  const butFor = yours.length ? translated(', but for your own {words}', { words }) : '';
  if (like === id && row.open) return translated('no table says what it can do') + butFor;
  const whole =
    like === id ? translated('as the table says') : translated('like {model}', { model: `${provider.id}/${like}` });
  return whole + (butFor || translated(' in everything, prices too'));
}

/** A budget refuses what has no known price. */
function warnOfPrice({ name, row, region }: ModelFacts, { config: { budget } }: Settings): void {
  if (!budget || budget.allowUnknown) return;
  const regional = rowIn(row, region);
  const unpriced = Object.keys(row.operations).filter((operation) => {
    const prices = limitsOf(regional, operation)?.prices;
    return priceText(prices, region) === 'unknown' || prices!.every(({ per }) => per.startsWith('1M '));
  });
  if (unpriced.length === 0) return;
  sayWarning(
    `what ${name} costs is not known before it draws (${unpriced.join(', ')}), and your budget refuses that; say it: anyimage models edit ${name} --price 0.04USD/image`,
  );
}

/** What the person should know of the settings that hold here: that a project is not trusted, or that it wins. */
async function sayHere({ name, path, isProject }: Place): Promise<void> {
  const { notes, project, layers } = await loadSettings({ onConflict: sayConflict });
  if (!project) return;
  if (isProject) for (const line of notes) sayNote(line);
  const holder = layers.map(({ values }) => values.get(keyOf(name))).find((value) => value !== undefined);
  if (holder && holder.from !== path && !project.refused.includes(keyOf(name))) {
    sayNote(translated('{place} sets it here, and wins', { place: holder.from }));
  }
}

function whatHolds(name: string, { providers }: Settings): string {
  const slash = name.indexOf('/');
  const definition = providers.find((one) => one.definition.id === name.slice(0, slash))?.definition;
  const row = definition && findRow(definition, name.slice(slash + 1))?.row;
  if (row?.origin === 'own') {
    return translated('another config has a model of your own of this name, which holds now');
  }
  if (row) return translated('{name} is again as its table says', { name });
  return definition?.unlisted
    ? translated('{name} is in no table now: what it can do is unknown, all is passed on', { name })
    : translated('there is no {name} any more', { name });
}

/** The keys of the config that name a model. */
function keysNaming(name: string, settings: Settings): readonly string[] {
  const { config } = settings;
  const aliases = Object.entries(config.aliases ?? {}).filter(([, models]) => [models].flat().includes(name));
  const isUsual = namedModels(settings.model, { config: {} }).includes(name);
  return [...(isUsual ? ['model'] : []), ...aliases.map(([alias]) => `aliases.${alias}`)];
}
