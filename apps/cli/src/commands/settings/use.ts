// anyimage use cogview

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import {
  editConfig,
  findModel,
  keylessProviders,
  knownServices,
  loadSettings,
  namedModels,
  providerCheck,
  tellOrigin,
  userConfigPath,
} from '@anyimage/host';
import { sayNote } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { askForUnknown } from '../../session/catalogues.ts';
import { resolveModel } from '../../session/resolve-model.ts';
import { readSettings, type Settings } from '../../session/settings.ts';

/** Writes the default model to the person's config, or shows it, and returns the exit code. Throws `not-found`, `config`. */
export async function use(models: readonly string[], { json }: { readonly json?: true }): Promise<number> {
  const before = await readSettings();
  if (models.length > 0) {
    // The person's config holds everywhere: what it names has to mean something outside of the project, too.
    const everywhere = await loadSettings({ withoutProject: true });
    for (const name of models) {
      refuseOfProject(name, before, everywhere);
      if (name !== 'auto') await askForUnknown(namedModels(name, everywhere), everywhere);
      await check(name, everywhere);
    }
    const path = userConfigPath(before.home);
    const { profile } = everywhere;
    await editConfig(
      path,
      profile === undefined ? 'model' : `profiles.${profile}.model`,
      models.length === 1 ? models[0]! : models,
      providerCheck(await knownServices(before.home)),
    );
  }
  const settings = models.length > 0 ? await readSettings() : before;
  const holder = settings.layers.find(({ values }) => values.has('model'))!;
  const from = holder.values.get('model')!.from;
  const names = [settings.model].flat();
  if (json) printDocument({ model: settings.model, from });
  else if (models.length === 0) print(names.join(' '));
  if (models.length > 0 && holder.kind !== 'user') {
    sayNote(`${from} sets the model ${names.join(', ')} here, and wins over your config`);
  } else if (models.length > 0 && !json)
    note(`${names.join(', then ')} draws from now on${settings.profile ? ` in the profile ${settings.profile}` : ''}`);
  for (const name of names) advise(name, settings);
  return 0;
}

/** Throws `not-found` for a name that only the project gives a meaning, or another one than the person does. */
function refuseOfProject(name: string, { config, project }: Settings, everywhere: Settings): void {
  const own = everywhere.config;
  const isAlias = Object.hasOwn(config.aliases ?? {}, name) && !Object.hasOwn(own.aliases ?? {}, name);
  const [id = ''] = name.split('/');
  const isProvider = Object.hasOwn(config.providers ?? {}, id) && !isKnown(id, everywhere);
  if (!project || (!isAlias && !isProvider)) return;
  const meant = isAlias ? [config.aliases![name]!].flat().join(' ') : undefined;
  throw new ImageError(
    'not-found',
    `${isAlias ? name : id} is ${isAlias ? 'an alias' : 'a server'} of ${project.path} alone`,
    {
      details: { option: 'model', asked: name },
      hint: meant
        ? `Your own config holds everywhere: name what it stands for (anyimage use ${meant}), or choose it for the project (anyimage config set model ${name} --project).`
        : `Your own config holds everywhere: choose it for the project (anyimage config set model ${name} --project).`,
    },
  );
}

function isKnown(id: string, { providers }: Settings): boolean {
  return providers.some(({ definition }) => definition.id === id);
}

async function check(name: string, settings: Settings): Promise<void> {
  for (const one of namedModels(name, settings)) {
    if (one === 'auto') continue;
    const [provider = ''] = one.split('/');
    const definition = settings.providers.find((candidate) => candidate.definition.id === provider)?.definition;
    if (findModel(settings.providers, one) || (definition?.unlisted && one.includes('/'))) continue;
    if (Object.hasOwn(settings.config.aliases ?? {}, one)) {
      await resolveModel(one, settings);
      continue;
    }
    if (definition?.id === one) {
      throw new ImageError('not-found', `${one} has no default model`, {
        details: { option: 'model' },
        hint: `Name one: anyimage use ${one}/MODEL; or give it one: anyimage config set providers.${one}.defaultModel MODEL.`,
      });
    }
    const names = settings.providers.flatMap(({ definition: { id, models } }) => [
      id,
      ...Object.keys(models).map((model) => `${id}/${model}`),
    ]);
    const near = nearest(one, [...names, ...Object.keys(settings.config.aliases ?? {})]);
    const error = new ImageError('not-found', `there is no model or provider ${JSON.stringify(one)}`, {
      details: { option: 'model', asked: one, nearest: near },
      hint: didYouMean(near) || 'anyimage models lists all.',
    });
    throw tellOrigin(error, settings);
  }
}

function advise(name: string, settings: Settings): void {
  for (const { id, label } of keylessProviders(namedModels(name, settings), settings)) {
    sayNote(`there is no key for ${label} yet: anyimage keys set ${id}`);
  }
}
