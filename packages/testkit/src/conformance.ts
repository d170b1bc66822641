// The suite every provider passes. Needs vitest; the cases themselves do not.

import { AssertionError } from 'node:assert/strict';
import { describe, it } from 'vitest';
import { answerCases } from './conformance/answers.ts';
import { arrivingCases } from './conformance/arriving.ts';
import { type Break, breaks, broken } from './conformance/breaking/breaks.ts';
import { cancellingCases } from './conformance/cancelling.ts';
import { definitionCases } from './conformance/definition.ts';
import { failureCases } from './conformance/failures.ts';
import { jobCases } from './conformance/jobs.ts';
import { mannersCases } from './conformance/manners.ts';
import { pictureCases } from './conformance/pictures.ts';
import { checkRefused, type Refused, type RefusingSubject } from './conformance/refusals.ts';
import type { Case, Subject } from './conformance/rig/case.ts';
import { secretCases } from './conformance/secrets.ts';
import { splittingCases } from './conformance/splitting.ts';
import { tableCases } from './conformance/table.ts';
import { ticketCases } from './conformance/tickets.ts';
import { valueCases } from './conformance/values.ts';
import { wireCases } from './conformance/wire.ts';

export type { Break } from './conformance/breaking/breaks.ts';
export { breaks, broken } from './conformance/breaking/breaks.ts';
export type { Refused, RefusingSubject } from './conformance/refusals.ts';
export type { Case, Subject } from './conformance/rig/case.ts';

/** Every case, in the order in which it helps to read failures. */
export const cases: readonly Case[] = [
  ...definitionCases,
  ...tableCases,
  ...valueCases,
  ...wireCases,
  ...arrivingCases,
  ...answerCases,
  ...splittingCases,
  ...failureCases,
  ...pictureCases,
  ...cancellingCases,
  ...secretCases,
  ...mannersCases,
  ...ticketCases,
  ...jobCases,
];

/** One case may make some hundred requests, and a sentence may be about a picture that is too large: vitest's own 5 s are not enough. */
const timeoutMs = 120_000;

/**
 * Declares one test for each case. A case that does not apply is skipped, with the reason in its title.
 *
 *     conformance({ provider: cogview, emulator });
 */
export function conformance(subject: Subject): void {
  describe(`${subject.provider().id} conforms`, () => {
    for (const { id, title, applies, run } of cases) {
      const reason = applies(subject);
      if (reason === true) it(`${title} (${id})`, () => run(subject), timeoutMs);
      else it.skip(`${title} (${id}; does not apply: ${reason})`, () => {});
    }
  });
}

/**
 * Declares one test for each sentence of the documentation that says what is refused: the emulated service refuses the request
 * without charging for it, and where `ask` puts it in words of a caller, the provider refuses it before anything is sent.
 *
 *     refuses({ provider: cogview, emulator }, [{ says: 'There is no n', to: 'images/generations', … }]);
 */
export function refuses(subject: RefusingSubject, sentences: readonly Refused[]): void {
  describe(`${subject.emulator.label} refuses what its documentation says it refuses`, () => {
    for (const sentence of sentences) {
      const title = sentence.says + (sentence.ask ? ' (also before anything is sent)' : '');
      it(title, () => checkRefused(subject, sentence), timeoutMs);
    }
  });
}

/**
 * Declares one test for each way in which a provider may be wrong: put into this one, which is right, it must be seen by the case that
 * is there for it. What stays unseen is what its emulator does not tell. A break that this provider cannot have is skipped.
 *
 *     seesBreaks({ provider: cogview, emulator });
 */
export function seesBreaks(subject: Subject): void {
  describe(`the suite sees a ${subject.provider().label} provider that`, () => {
    for (const each of breaks) {
      const reason = isPossible(subject, each);
      if (reason === true) it(`${each.name} (${each.caught})`, () => checkSeen(subject, each), timeoutMs);
      else it.skip(`${each.name} (${each.caught}; does not apply: ${reason})`, () => {});
    }
  });
}

function caseOf({ caught }: Break): Case {
  return cases.find(({ id }) => id === caught)!;
}

function isPossible(subject: Subject, each: Break): true | string {
  const reason = each.possible?.(subject) ?? true;
  if (reason !== true) return reason;
  const before = caseOf(each).applies(subject);
  // A fault of the table may be what makes the case apply.
  return before === true ? true : caseOf(each).applies({ ...subject, provider: broken(subject.provider, each) });
}

/** Throws where the case does not see the break. */
async function checkSeen(subject: Subject, each: Break): Promise<void> {
  const seen = await caseOf(each)
    .run({ ...subject, provider: broken(subject.provider, each) })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (seen === undefined) throw new Error(`${each.caught} does not see a provider that ${each.name}`);
  // Anything else is a fault of the emulator or of the case, and no promise that was seen to be broken.
  if (!(seen instanceof AssertionError)) throw seen;
}
