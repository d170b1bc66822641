// The provider with the rows that a catalogue gives.

import type { ListedModel, ModelTable, ProviderAccess } from '@anyimage/core';
import { type EmulatorFactory, plainContext } from '@anyimage/testkit';
import { openrouter } from '../src/index.ts';

/** What the provider reads in the catalogue of an emulated service. */
export async function listOf(factory: EmulatorFactory): Promise<readonly ListedModel[]> {
  const service = await factory.start();
  const provider = openrouter();
  try {
    return await provider.discover!(plainContext(provider, service));
  } finally {
    await service.close();
  }
}

/** The provider whose table is the emulated service's catalogue, and nothing else. */
export async function withCatalogue(factory: EmulatorFactory) {
  const models: ModelTable = Object.fromEntries(
    (await listOf(factory)).flatMap(({ id, row }) => (row ? [[id, row]] : [])),
  );
  return (access: ProviderAccess = {}) => ({ ...openrouter(access), models });
}
