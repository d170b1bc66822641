// The values of flags and arguments on this machine, for completion: read from tables and files. Loads no provider, and asks no service.

import { limitsOf, operationOf, type ProviderDefinition } from '@anyimage/core';
import {
  configJSONSchema,
  findModel,
  listModels,
  listOpen,
  loadSettings,
  namedModels,
  openHistory,
  picturePrice,
  readPluginList,
  type Settings,
  shortPictureId,
  styleNames,
} from '@anyimage/host';
import type { Option } from 'commander';
import { openTickets } from '../session/open-tickets.ts';
import type { Candidate, Values } from './complete.ts';
import type { Place } from './place.ts';

type Source = (settings: Settings, place: Place) => readonly Candidate[] | Promise<readonly Candidate[]>;

/** By the name of the flag in code. What is not here is a file, or any text. */
const ofOptions: Readonly<Record<string, Source>> = {
  model: models,
  like: models,
  size: (settings, place) => plain(sizeOf(settings, place)?.presets),
  aspectRatio: (settings, place) => plain(sizeOf(settings, place)?.ratios ?? ratios),
  resolution: (settings, place) => plain(sizeOf(settings, place)?.tiers),
  quality: (settings, place) => choices(settings, place, 'quality'),
  background: (settings, place) => choices(settings, place, 'background'),
  outputFormat: (settings, place) => choices(settings, place, 'outputFormat'),
  style: async (settings, place) => [...choices(settings, place, 'style'), ...(await styles(settings))],
  enhance: styles,
  operation: (settings, place) => plain(Object.keys(rowOf(settings, place)?.operations ?? {})),
  option: (settings, place) => plain(Object.keys(limitsAt(settings, place)?.options ?? {}).map((name) => `${name}=`)),
  image: pictures,
  profile: ({ config }) => plain(Object.keys(config.profiles ?? {})),
  region: ({ providers }, { operands: [id] }) =>
    providers.filter(({ definition }) => definition.id === id).flatMap(({ definition }) => regions(definition)),
};

/** By the name of the argument; before it the command, where one name means several things. */
const ofArguments: Readonly<Record<string, Source>> = {
  picture: pictures,
  model: models,
  filter: models,
  'models name': models,
  'keys name': ({ providers }) =>
    providers.flatMap(({ definition: { id, label, keys } }) =>
      keys.length > 0 ? [{ value: id, about: label }, ...keys.map(({ env }) => ({ value: env, about: label }))] : [],
    ),
  'styles name': styles,
  provider: services,
  'init service': services,
  'emulate service': ({ emulators }) => plain(emulators.map(({ id }) => id)),
  key: (settings) => plain(configKeys(settings)),
  value: configValues,
  'jobs id': async (settings) => [
    ...(await listOpen(openTickets(settings))).map(({ id, request }) => ({ value: id, about: request.prompt })),
    { value: 'all' },
  ],
  'plugins id': async ({ home }) =>
    plain((await readPluginList(home)).plugins.map(({ manifest }) => manifest.provider.id)),
};

/** The values of this machine, with the settings that hold here. */
export async function machineValues(): Promise<Values> {
  const settings = await loadSettings();
  return {
    async ofOption(option: Option, place) {
      return (await ofOptions[option.attributeName()]?.(settings, place)) ?? [];
    },
    async ofArgument(name, place) {
      const [command] = place.path;
      const source = ofArguments[`${command} ${name}`] ?? ofArguments[name];
      return (await source?.(settings, place)) ?? [];
    },
  };
}

/** Where no table says. */
const ratios = ['1:1', '4:3', '3:4', '16:9', '9:16'];

function plain(values: readonly string[] | undefined): readonly Candidate[] {
  return (values ?? []).map((value) => ({ value }));
}

function models(settings: Settings): readonly Candidate[] {
  const { providers, shownEnv, tables, config } = settings;
  const all = listModels(providers, shownEnv, tables, Date.now()).filter(({ status }) => status !== 'retired');
  return [
    { value: 'auto', about: 'whatever fits' },
    ...services(settings),
    ...plain(Object.keys(config.aliases ?? {})),
    ...all.map((model) => ({ value: model.name, about: `${model.row.label}, ${picturePrice(model).text}` })),
  ];
}

function services({ providers }: Settings): readonly Candidate[] {
  return providers.map(({ definition: { id, label } }) => ({ value: id, about: label }));
}

function regions({ regions }: ProviderDefinition): readonly Candidate[] {
  return Object.entries(regions).map(([value, { label }]) => ({ value, ...(label && { about: label }) }));
}

/** Of the model that the line names, else of the one that draws here. */
function rowOf(settings: Settings, { given }: Place) {
  const [name = ''] = namedModels(given.get('model')?.at(-1) ?? settings.model, settings);
  return findModel(settings.providers, name)?.row;
}

function limitsAt(settings: Settings, place: Place) {
  const row = rowOf(settings, place);
  const { given, path } = place;
  const named = given.get('operation')?.at(-1) ?? (path[0] === 'edit' ? 'edit' : undefined);
  const operation = operationOf({
    ...(named !== undefined && { operation: named }),
    ...(given.has('image') && { images: ['picture'] }),
    ...(given.has('mask') && { mask: 'mask' }),
  });
  return row && (limitsOf(row, operation) ?? limitsOf(row, Object.keys(row.operations)[0] ?? ''));
}

function sizeOf(settings: Settings, place: Place) {
  return limitsAt(settings, place)?.size || undefined;
}

function choices(
  settings: Settings,
  place: Place,
  word: 'quality' | 'style' | 'background' | 'outputFormat',
): readonly Candidate[] {
  const choice = limitsAt(settings, place)?.[word];
  return plain(choice ? choice.values : undefined);
}

async function styles(settings: Settings): Promise<readonly Candidate[]> {
  return plain(await styleNames(settings));
}

/** The newest, for who has not begun to type a path. */
async function pictures({ home }: Settings): Promise<readonly Candidate[]> {
  const history = openHistory(home, {});
  try {
    const found = await history.list({ limit: 20 });
    return [
      ...(found.length > 0 ? [{ value: 'last', about: 'the newest picture' }] : []),
      ...found.flatMap(({ sha256, prompt }) => (sha256 ? [{ value: shortPictureId(sha256), about: prompt }] : [])),
    ];
  } finally {
    await history.close();
  }
}

interface SchemaNode {
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly enum?: readonly unknown[];
}

const nodes = () => (configJSONSchema() as SchemaNode).properties ?? {};

/** All that have a name of their own, and what is set. */
function configKeys({ layers }: Settings): readonly string[] {
  const known = Object.entries(nodes()).flatMap(([key, { properties }]) => [
    key,
    ...Object.keys(properties ?? {}).map((below) => `${key}.${below}`),
  ]);
  return [
    ...new Set([...known.filter((key) => key !== '$schema'), ...layers.flatMap(({ values }) => [...values.keys()])]),
  ];
}

function configValues(settings: Settings, { operands: [key = ''] }: Place): readonly Candidate[] {
  if (key === 'model' || /^(aliases\.|profiles\.[^.]+\.model$)/.test(key)) return models(settings);
  return plain(nodes()[key]?.enum?.map(String));
}
