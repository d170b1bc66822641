// What may be written for an argument of a prompt, or in the address of a resource, while a person types.

import { listModels, styleNames } from '@anyimage/host';
import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server';
import type { Services } from '../calls/services.ts';
import { newestPictures } from '../results/picture-file.ts';
import { pictureFormats, pictureSizes } from './resources.ts';

/** As many as the protocol allows. */
const mostShown = 100;

/** Those of the values that go with what was typed: first those that begin with it, then those that hold it. */
export async function complete({ argument }: CompleteRequestParams, services: Services): Promise<CompleteResult> {
  const { name, value } = argument;
  // Of a list, the last name is being typed.
  const before = name === 'models' ? value.slice(0, value.lastIndexOf(',') + 1) : '';
  const typed = value.slice(before.length).trim().toLowerCase();
  const known = await valuesOf(name, services);
  const starting = known.filter((one) => one.toLowerCase().startsWith(typed));
  const holding = known.filter((one) => !starting.includes(one) && one.toLowerCase().includes(typed));
  const values = [...starting, ...holding].map((one) => (before ? `${before.trim()} ${one}` : one));
  return {
    completion: { values: values.slice(0, mostShown), total: values.length, hasMore: values.length > mostShown },
  };
}

async function valuesOf(name: string, services: Services): Promise<readonly string[]> {
  switch (name) {
    case 'model':
    case 'models':
      return modelNames(services);
    case 'style':
      return styleNames(services.settings);
    case 'picture':
      return ['last', ...(await pictureNames(services))];
    case 'id':
      return pictureNames(services);
    case 'size':
      return pictureSizes;
    case 'format':
      return pictureFormats;
    default:
      return [];
  }
}

/** Those that can be used now come first. A service's own list is not asked for. */
function modelNames({ settings }: Services): readonly string[] {
  const { providers, shownEnv, tables } = settings;
  const models = listModels(providers, shownEnv, tables, Date.now()).filter(({ status }) => status !== 'retired');
  return models.sort((a, b) => Number(b.configured) - Number(a.configured)).map(({ name }) => name);
}

async function pictureNames({ settings, history }: Services): Promise<readonly string[]> {
  const files = await newestPictures(settings.outputFolder, mostShown, history);
  return files.map(({ name }) => name);
}
