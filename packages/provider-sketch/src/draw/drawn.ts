// What of a reading the drawing follows, so that a result reports what is to be seen.

import type { Reading, Subject } from '../read/reading.ts';
import { isPerson, things } from './things/index.ts';

/** The reading without what no picture shows: numbers of skies and lands, a second sea, "portrait" beside the woman it is of. */
export function asDrawn(reading: Reading): Reading {
  const named = reading.subjects.some((subject) => isPerson(subject) && subject.id !== 'person');
  const subjects = reading.subjects.flatMap((subject, index) => {
    if (isPerson(subject)) return subject.id === 'person' && named ? [] : [subject];
    if (things[subject.id]) return [subject];
    const isFirst = reading.subjects.findIndex(({ id }) => id === subject.id) === index;
    return isFirst ? [subject.id === 'mountain' ? subject : uncounted(subject)] : [];
  });
  return { ...reading, subjects };
}

/** Of these there is one, whatever the prompt says. */
const single: ReadonlySet<string> = new Set(['sun', 'moon', 'rainbow', 'planet']);

function uncounted({ count, plural, ...rest }: Subject): Subject {
  return { ...rest, ...(plural && !single.has(rest.id) && { plural }) };
}
