// anyimage providers

import { usualModel } from '@anyimage/core';
import { placeNow } from '@anyimage/host';
import { serviceText } from '../../print/provider-text.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { translated } from '../../print/words/translated.ts';
import { keyPlace, listKeysOf } from '../../session/keys/key-places.ts';
import { readSettings } from '../../session/settings.ts';

/** Lists the providers as they are set up here, without running their code, and returns the exit code. */
export async function listProviders({ json }: { readonly json?: true }): Promise<number> {
  const settings = await readSettings();
  const list = settings.providers.map((provider) => {
    const { definition } = provider;
    const { id, label, models, regions } = definition;
    const kind = settings.config.providers?.[id]?.kind;
    const defaultModel = usualModel(definition);
    const [key] = listKeysOf(definition, settings).filter((one) => one.from !== undefined);
    // Empty if the region or base URL is wrong: doctor says what is wrong with it.
    const { region, baseURL } = placeNow(provider, settings.shownEnv) ?? { region: '', baseURL: '' };
    return {
      id,
      label,
      ...(kind !== undefined && { kind }),
      key: { needed: definition.keys.length > 0, ...(key && { variable: key.name, from: key.from }) },
      region,
      regions: Object.keys(regions),
      baseURL,
      models: Object.keys(models).length,
      ...(defaultModel !== undefined && { defaultModel: `${id}/${defaultModel}` }),
      emulator: settings.emulators.find(({ provider }) => provider === id)?.id,
    };
  });
  if (json) printDocument({ providers: list });
  else {
    const rows = list.map(({ id, label, key, region, baseURL, models }) => [
      id,
      serviceText({ id, label }, settings),
      key.needed ? keyPlace(key) : translated('none needed'),
      models === 0 ? translated('any') : `${models}`,
      region,
      URL.parse(baseURL)?.host ?? '–',
    ]);
    printTable([['PROVIDER', 'SERVICE', 'KEY', 'MODELS', 'REGION', 'HOST'], ...rows]);
    printFooter(translated('anyimage keys set PROVIDER stores a key; anyimage use PROVIDER makes it the usual one.'));
  }
  return 0;
}
