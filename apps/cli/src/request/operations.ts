// What models can be asked to do with a picture, each as a command of its own: read from their tables, plugins included.

import { type LazyProvider, type Limits, limitsOf } from '@anyimage/core';

/** What some model can do. */
export interface KnownOperation {
  /** As tables name it: `removeWatermark`. */
  readonly name: string;
  /** As it is typed: `remove-watermark`. */
  readonly command: string;
  /** Those that can, in the order of the providers. */
  readonly models: readonly OperationModel[];
}

export interface OperationModel {
  /** `provider/model`. */
  readonly name: string;
  readonly limits: Limits;
  /** The region whose prices are shown where none is set. */
  readonly region: string;
}

/** All operations that begin with a picture, in the order in which tables name them. Retired models are among theirs. */
export function operationsOf(providers: readonly Pick<LazyProvider, 'definition'>[]): readonly KnownOperation[] {
  const known = new Map<string, OperationModel[]>();
  for (const { definition } of providers) {
    const region = Object.keys(definition.regions)[0] ?? '';
    for (const [id, row] of Object.entries(definition.models)) {
      for (const name of Object.keys(row.operations)) {
        const limits = limitsOf(row, name);
        if (!limits || name === 'generate' || !commandName.test(name)) continue;
        known.set(name, [...(known.get(name) ?? []), { name: `${definition.id}/${id}`, limits, region }]);
      }
    }
  }
  return [...known].map(([name, models]) => ({ name, command: kebab(name), models }));
}

/** A plugin may name its operations as it likes; what is no word is reached with --operation alone. */
const commandName = /^[a-z][a-zA-Z0-9-]{1,40}$/;

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Words of a request that only some operations take, and the part of a row that says so. */
const partOfFlag: Readonly<Record<string, keyof Limits>> = {
  size: 'size',
  aspectRatio: 'size',
  resolution: 'size',
  quality: 'quality',
  background: 'background',
  seed: 'seed',
  negativePrompt: 'negativePrompt',
  mask: 'mask',
  maskRegion: 'mask',
  maskEllipse: 'mask',
  strength: 'strength',
  factor: 'factor',
  expand: 'expand',
  user: 'user',
};

/** Whether a flag means anything to one of the models of an operation. `flag`: by the name of its value. */
export function takesFlag({ models }: KnownOperation, flag: string): boolean {
  if (flag === 'operation') return false;
  const part = Object.hasOwn(partOfFlag, flag) ? partOfFlag[flag] : undefined;
  return part === undefined || models.some(({ limits }) => Boolean(limits[part]));
}

/** A flag without which an operation is refused, and what may be given; `example` is one that all models take, where there is one. */
export interface Need {
  readonly flag: string;
  readonly about: string;
  readonly example: string;
}

/** What an operation needs besides the picture and the prompt. */
export function needsOf({ name, models }: KnownOperation): readonly Need[] {
  const factors = models.map(({ limits }) => limits.factor ?? []);
  const shared = (factors[0] ?? []).filter((factor) => factor > 1 && factors.every((list) => list.includes(factor)));
  const all = [...new Set(factors.flat())].sort((a, b) => a - b);
  const expands = models.flatMap(({ limits }) => limits.expand ?? []);
  const most = expands.map(({ max, unit }) => `${max} ${unit === 'px' ? 'px' : 'of the side'}`);
  return [
    name === 'upscale' &&
      all.length > 0 && {
        flag: '--factor',
        about: `how much to enlarge: ${all.join(', ')}`,
        example: `--factor ${shared[0] ?? all.at(-1)}`,
      },
    name === 'outpaint' &&
      expands.length > 0 && {
        flag: '--expand',
        about: `how far each side grows: at most ${[...new Set(most)].join(' or ')}`,
        example: `--expand right=${expands[0]!.unit === 'px' ? Math.min(256, expands[0]!.max) : Math.min(0.5, expands[0]!.max)}`,
      },
    models.every(({ limits }) => limits.mask) && {
      flag: '--mask, --mask-region or --mask-ellipse',
      about: 'what to repaint',
      example: '--mask-region 0,0,100%,40%',
    },
  ].filter((need) => need !== false);
}

/** Whether all models of an operation do it without a prompt. */
export function needsNoPrompt({ models }: KnownOperation): boolean {
  return models.every(({ limits }) => limits.prompt?.optional);
}
