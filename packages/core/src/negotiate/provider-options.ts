// Provider options against the table: never adapted.

import type { Json } from '../contract/capabilities.ts';
import { nearest as alike } from './nearest.ts';
import { describeOption, type OptionSpecs, optionsSchema } from './options.ts';
import { lacks, nearestText, type Session, standing, useHint } from './session.ts';

type Values = { readonly [name: string]: Json };

/** Checks the options and adds the defaults that the table says must always be sent. */
export function settleOptions(session: Session): Values {
  const { request, limits, row, name } = session;
  const asked = request.providerOptions ?? {};
  const names = Object.keys(asked);
  const specs = limits.options ?? {};
  if (names.length && Object.keys(specs).length === 0) {
    if (standing(session, 'options', 'providerOptions') === 'open') return asked;
    lacks(session, 'providerOptions', asked);
    return {};
  }
  const unknown = names.filter((option) => !Object.hasOwn(specs, option));
  for (const option of unknown) {
    if (row.open) {
      const message = `providerOptions.${option} is passed on as it is: the table does not know it`;
      session.warnings.push({ code: 'unlisted', message });
    } else {
      refuseUnknown(session, option, asked[option]!, Object.keys(specs));
    }
  }
  if (names.length === 0) return alwaysSent(specs);
  const checked = optionsSchema(specs, { open: true }).safeParse(asked);
  const wrong = new Set(checked.error?.issues.map(({ path }) => String(path[0])));
  for (const option of wrong) {
    const spec = specs[option]!;
    const allowed = describeOption(spec);
    const values = 'values' in spec && typeof asked[option] === 'string' ? alike(asked[option], spec.values ?? []) : [];
    const message = `providerOptions.${option} of ${name} is ${allowed}, not ${JSON.stringify(asked[option])}`;
    const problem = { option: `providerOptions.${option}`, asked: asked[option]!, allowed, nearest: values, message };
    session.problems.push({ code: 'invalid-request', ...problem });
  }
  return { ...alwaysSent(specs), ...asked };
}

function refuseUnknown(session: Session, option: string, asked: Json, known: readonly string[]): void {
  const near = alike(option, known);
  session.problems.push({
    option: `providerOptions.${option}`,
    asked,
    allowed: known,
    nearest: near,
    message: `${session.name} has no provider option ${JSON.stringify(option)}; it has ${known.join(', ')}${nearestText(near)}`,
    hint: near[0] === undefined ? `Leave ${option} out.` : useHint(session, `providerOptions.${near[0]}`, asked),
  });
}

function alwaysSent(specs: OptionSpecs): Values {
  const sent = Object.entries(specs).filter(([, spec]) => spec.send === 'always' && 'default' in spec);
  return Object.fromEntries(sent.map(([name, spec]) => [name, (spec as { default: Json }).default]));
}
