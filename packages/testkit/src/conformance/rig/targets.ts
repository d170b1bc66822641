// Which requests a provider's table allows: one plain request for each model and operation.

import {
  type ClientRequest,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  modelStatus,
  type ProviderFactory,
} from '@anyimage/core';
import { encodePng } from '../../picture/png.ts';
import { drawTestCard } from '../../picture/test-card.ts';

/** One model in one operation, and the plainest request for it. */
export interface Target {
  /** `provider/model` */
  readonly model: string;
  readonly row: ModelCapabilities;
  readonly operation: string;
  readonly limits: Limits;
  readonly mode: 'call' | 'job';
  readonly request: ClientRequest;
}

/**
 * The models of the first region that are neither deprecated nor open, in each operation that can be asked for with a PNG as
 * input. Of a deprecated model nobody knows whether the service still answers.
 */
export function targetsOf({ provider }: { readonly provider: ProviderFactory }): readonly Target[] {
  const { id: providerId, models, regions } = provider();
  const region = Object.keys(regions)[0] ?? '';
  const today = new Date().toISOString().slice(0, 10) as `${number}-${number}-${number}`;
  return Object.entries(models).flatMap(([id, row]) => {
    const status = modelStatus(row, today);
    const here = !row.regions || row.regions[region];
    if (status === 'deprecated' || status === 'retired' || row.open || !here) return [];
    return Object.keys(row.operations).flatMap((operation) => {
      const limits = limitsOf(row, operation)!;
      const model = `${providerId}/${id}`;
      const request = plainRequest(operation, limits);
      if (!request) return [];
      return [{ model, row, operation, limits, mode: limits.modes?.[0] ?? 'call', request: { ...request, model } }];
    });
  });
}

function plainRequest(operation: string, limits: Limits): ClientRequest | undefined {
  const { images, mask, factor, expand } = limits;
  const input = images ? inputPicture(images) : undefined;
  if (images && !input) return images.count[0] === 0 ? { operation, prompt: 'a red paper boat at dawn' } : undefined;
  const count = images ? Math.max(images.count[0], operation === 'generate' ? 0 : 1) : 0;
  return {
    operation,
    prompt: 'a red paper boat at dawn',
    ...(count > 0 && { images: Array.from({ length: count }, () => input!.bytes) }),
    ...(mask && operation === 'inpaint' && { mask: maskPicture(input?.side ?? 256) }),
    ...(factor && operation === 'upscale' && { factor: factor[0]! }),
    ...(expand &&
      operation === 'outpaint' && { expand: { right: expand.unit === 'px' ? Math.min(64, expand.max) : expand.max } }),
  };
}

function inputPicture({
  types,
  as,
  side: [min, max] = [1, 1024],
  pixels,
}: Exclude<Limits['images'], false | undefined>) {
  if (!types.includes('image/png') || !as.includes('bytes')) return undefined;
  const [fewest, most] = pixels ?? [1, Infinity];
  const wanted = Math.min(Math.max(256, min, Math.ceil(Math.sqrt(fewest))), max, Math.floor(Math.sqrt(most)));
  // A copy each time: a provider that writes into its input must not spoil it for others.
  return { side: wanted, bytes: inputCard(wanted).slice() };
}

const drawn = new Map<number, Uint8Array>();

function inputCard(side: number): Uint8Array {
  const known = drawn.get(side);
  if (known) return known;
  const card = drawTestCard({ prompt: 'input', width: side, height: side });
  drawn.set(side, card);
  return card;
}

/** White in the left half: there the picture is to be repainted. */
function maskPicture(side: number): Uint8Array {
  const line = Uint8Array.from({ length: side }, (_, x) => (x < side / 2 ? 1 : 0));
  const palette = [[0, 0, 0] as const, [255, 255, 255] as const];
  return encodePng({ width: side, height: side, palette, row: () => line });
}
