import type { LazyProvider, ModelCapabilities, ModelStatus, ProviderDefinition } from '@anyimage/core';
import { modelStatus } from '@anyimage/core';
import { type Environment, embeddedProvider, type FoundKey, findKey } from '@anyimage/host';

/** A model with what this machine adds to its row. */
export interface ModelFacts {
  /** `provider/model`. */
  readonly name: string;
  readonly provider: ProviderDefinition;
  readonly row: ModelCapabilities;
  readonly status: ModelStatus;
  /** The provider's name alone stands for it. */
  readonly isDefault: boolean;
  readonly needsKey: boolean;
  readonly key?: FoundKey;
  /** Whose prices hold: that of the key, else the first. */
  readonly region: string;
}

/** All models of the tables, the embedded provider's first. */
export function listModels(providers: readonly LazyProvider[], env: Environment, today: Date): ModelFacts[] {
  const day = today.toISOString().slice(0, 10) as `${number}-${number}-${number}`;
  const sorted = [...providers].sort(
    (a, b) => Number(b.definition.id === embeddedProvider) - Number(a.definition.id === embeddedProvider),
  );
  return sorted.flatMap(({ definition, access }) => {
    const key = findKey(definition, env);
    const region = access?.region ?? key?.region ?? Object.keys(definition.regions)[0] ?? '';
    const usual = definition.defaultModel ?? Object.keys(definition.models)[0];
    return Object.entries(definition.models).map(([id, row]) => ({
      name: `${definition.id}/${id}`,
      provider: definition,
      row,
      status: modelStatus(row, day),
      isDefault: id === usual,
      needsKey: definition.keys.length > 0,
      region,
      ...(key && { key }),
    }));
  });
}
