// Provider options against the table: never adapted.

import type { Json } from '../contract/capabilities.ts';
import { nearest, nearestText, shortList } from './nearest.ts';
import { describeOption, type OptionSpecs } from './options.ts';
import { optionsSchema } from './options-schema.ts';
import { lacks, type Session, standing, useHint } from './session.ts';

type Values = { readonly [name: string]: Json };

/** Checks the options and adds the defaults that the table says must always be sent. */
export function negotiateOptions(session: Session): Values {
  const { providerOptions: asked = {} } = session.request;
  const { options: specs = {} } = session.limits;
  const names = Object.keys(asked);
  if (names.length === 0) return alwaysSent(specs);
  if (Object.keys(specs).length === 0) {
    if (standing(session, 'options', 'providerOptions') === 'open') return asked;
    lacks(session, 'providerOptions', asked);
    return {};
  }
  for (const name of names) checkName(session, specs, name, asked[name]!);
  checkValues(session, specs, asked);
  return { ...alwaysSent(specs), ...asked };
}

/** A name that the table does not know is passed on by an open row, else refused. */
function checkName(session: Session, specs: OptionSpecs, name: string, asked: Json): void {
  if (Object.hasOwn(specs, name)) return;
  const option = `providerOptions.${name}`;
  if (session.row.open) {
    const message = `${option} is passed on as it is: the table does not know it`;
    session.warnings.push({ code: 'unlisted', message });
    return;
  }
  const known = Object.keys(specs);
  const near = nearest(name, known);
  const has = `it has ${known.join(', ')}${nearestText(near)}`;
  session.problems.push({
    option,
    asked,
    allowed: known,
    nearest: near,
    message: `${session.name} has no provider option ${JSON.stringify(name)}; ${has}`,
    hint:
      near[0] === undefined
        ? `Leave ${name} out; ${session.name} has ${shortList(known)}.`
        : useHint(session, `providerOptions.${near[0]}`, asked),
  });
}

function checkValues({ name, problems }: Session, specs: OptionSpecs, options: Values): void {
  const checked = optionsSchema(specs, { open: true }).safeParse(options);
  const wrong = new Set(checked.error?.issues.map(({ path }) => String(path[0])));
  for (const word of wrong) {
    const option = `providerOptions.${word}`;
    const asked = options[word]!;
    const spec = specs[word]!;
    const allowed = describeOption(spec);
    const near = 'values' in spec && typeof asked === 'string' ? nearest(asked, spec.values ?? []) : [];
    const message = `${option} of ${name} is ${allowed}, not ${JSON.stringify(asked)}`;
    problems.push({ code: 'invalid-request', option, asked, allowed, nearest: near, message });
  }
}

function alwaysSent(specs: OptionSpecs): Values {
  const sent: { [name: string]: Json } = {};
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.send === 'always' && 'default' in spec && spec.default !== undefined) sent[name] = spec.default;
  }
  return sent;
}
