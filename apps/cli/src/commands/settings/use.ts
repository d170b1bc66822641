// anyimage use cogview

import { ImageError } from '@anyimage/core';
import {
  editConfig,
  keylessProviders,
  knownServices,
  loadSettings,
  namedModels,
  providerCheck,
  userConfigPath,
} from '@anyimage/host';
import { printValue, sayNote } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { translated } from '../../print/words/translated.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { checkModelName } from './check-model.ts';

/** Writes the default model to the person's config, or shows it, and returns the exit code. Throws `not-found`, `config`. */
export async function use(models: readonly string[], { json }: { readonly json?: true }): Promise<number> {
  if (models.length > 0) await keepModels(models);
  const settings = await readSettings();
  const { model, from, kind } = modelHere(settings);
  const names = [model].flat();
  if (json) printDocument({ model, from });
  else if (models.length === 0) printValue(names.join(' '));
  else if (kind === 'user') note(fromNowOn(names.join(translated(', then ')), settings));
  if (models.length > 0 && kind !== 'user') {
    sayNote(
      translated('{place} sets the model {models} here, and wins over your config', {
        place: from,
        models: names.join(', '),
      }),
    );
  }
  for (const name of names) advise(name, settings);
  return 0;
}

/** Writes the models that draw when none is named to the person's config. Throws `not-found`, `config`. */
export async function keepModels(models: readonly string[]): Promise<void> {
  const before = await loadSettings();
  // The person's config holds everywhere: what it names has to mean something outside of the project, too.
  const everywhere = await loadSettings({ withoutProject: true });
  for (const name of models) {
    refuseOfProject(name, before, everywhere);
    await checkModelName(name, everywhere);
  }
  const { profile } = everywhere;
  await editConfig(
    userConfigPath(before.home),
    profile === undefined ? 'model' : `profiles.${profile}.model`,
    models.length === 1 ? models[0]! : models,
    providerCheck(await knownServices(before.home)),
  );
}

/** What draws here, and where that is said. */
function modelHere({ model, layers }: Settings) {
  const holder = layers.find(({ values }) => values.has('model'))!;
  return { model, from: holder.values.get('model')!.from, kind: holder.kind };
}

function fromNowOn(models: string, { profile }: Settings): string {
  return profile
    ? translated('{models} draws from now on in the profile {profile}', { models, profile })
    : translated('{models} draws from now on', { models });
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

function advise(name: string, settings: Settings): void {
  for (const { id, label } of keylessProviders(namedModels(name, settings), settings)) {
    sayNote(
      translated('there is no key for {service} yet: anyimage keys set {provider}', { service: label, provider: id }),
    );
  }
}
