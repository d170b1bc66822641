// Options that make another format, such as a drawing. The ending of a file asks for one, and an earlier request's option is kept
// only where it still fits.

import { ImageError, type Json, type Limits, limitsOf, type OptionSpec } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import { formatOfPath } from '@anyimage/host';
import type { EarlierRequest } from './request-again.ts';

type Options = { readonly [name: string]: Json };

/** What the request is for: its models, and what each can do. */
export interface Target {
  readonly models: readonly string[];
  /** In the order of `models`; `undefined` where no table knows. */
  readonly limits: readonly (Limits | undefined)[];
  readonly operation: string;
  readonly output?: string;
}

/**
 * The options that make a drawing of the picture, if the output's ending asks for one: a file of pixels cannot become one.
 * `asked`: the options that were given; they win. Throws `unsupported` where a model makes no drawings, `invalid-request` where
 * they are switched off.
 */
export function drawingOptions(target: Target, asked: Options, settings: Pick<Settings, 'providers'>): Options {
  const { models, limits, operation, output } = target;
  if (output === undefined || formatOfPath(output) !== 'svg') return {};
  const names = limits.map(drawingOption);
  const unable = models.find((_, index) => names[index] === undefined);
  if (unable !== undefined) throw makesNone(unable, operation, output, settings);
  const off = names.find((name) => asked[name!] === false);
  if (off !== undefined) {
    throw new ImageError('invalid-request', `--option ${off}=false makes pixels, which cannot become ${output}`, {
      details: { option: `providerOptions.${off}`, asked: false, allowed: [true] },
      hint: `Leave --option ${off} out, or end the name in .png.`,
    });
  }
  return Object.fromEntries(names.map((name) => [name, true]));
}

function makesNone(
  unable: string,
  operation: string,
  output: string,
  { providers }: Pick<Settings, 'providers'>,
): ImageError {
  const able = providers.flatMap(({ definition: { id, models } }) =>
    Object.entries(models).flatMap(([model, row]) =>
      drawingOption(limitsOf(row, operation)) ? [`${id}/${model}`] : [],
    ),
  );
  const when = `when asked to ${operation}`;
  return new ImageError('unsupported', `${unable} makes no drawings ${when}, and pixels cannot become ${output}`, {
    details: { option: 'output', asked: output, allowed: able },
    hint: able.length
      ? `End the name in .png, or use -m ${able.join(' or ')}.`
      : `End the name in .png: no model makes drawings ${when}.`,
  });
}

function drawingOption(limits: Limits | undefined): string | undefined {
  return Object.entries(limits?.options ?? {}).find(([, spec]) => formatBy(spec) === 'svg')?.[0];
}

/** The format that an option brings. */
function formatBy(spec: OptionSpec | undefined): string | undefined {
  return spec && 'makes' in spec ? spec.makes : undefined;
}

/** The options of an earlier picture that still hold, and why the others do not. */
export interface Carried {
  readonly options: Options;
  readonly notes: readonly string[];
}

/**
 * The options of an earlier request. An option that makes a format is left out if one of the models does not make that format, or if
 * only the ending of the earlier file asked for it. `before`: the limits of the earlier model. `asked`: the options given now; they
 * win.
 */
export function carriedOptions(
  earlier: EarlierRequest,
  before: Limits | undefined,
  target: Target,
  asked: Options,
): Carried {
  const options = Object.entries(earlier.providerOptions ?? {}).map(([name, value]) => {
    const format = Object.hasOwn(asked, name) ? undefined : formatBy(before?.options?.[name]);
    return { name, value, obstacle: format && obstacleTo(format, name, earlier, target) };
  });
  return {
    options: Object.fromEntries(options.filter(({ obstacle }) => !obstacle).map(({ name, value }) => [name, value])),
    notes: options.flatMap(({ name, obstacle }) => (obstacle ? [`--option ${name} is not kept: ${obstacle}`] : [])),
  };
}

function obstacleTo(
  format: string,
  option: string,
  earlier: EarlierRequest,
  { models, limits, output }: Target,
): string | undefined {
  const unable = models.find((_, index) => limits[index] && !limits[index].options?.[option]);
  if (unable !== undefined) return `${unable} makes no ${format}`;
  const next = output === undefined ? undefined : formatOfPath(output);
  return earlier.format === format && next !== undefined && next !== format ? `${output} is no ${format}` : undefined;
}
