// What a person should be told of while the work goes on. The code that meets it gives facts, and one function words them.

import { quietly } from '@anyimage/core';

/** `path`: the file that it is about, absolute. */
export type Notice =
  | {
      /** The index of the history is made anew from the sidecars. `reason`: what it was or lacked. */
      readonly kind: 'index-rebuilt';
      readonly path: string;
      readonly reason: string;
    }
  | {
      /** Another program writes the index of the history, and this one waits. */
      readonly kind: 'index-busy';
      readonly path: string;
    }
  | {
      /** The history cannot hold a picture. The others are in it. */
      readonly kind: 'picture-skipped';
      readonly path: string;
      readonly reason: string;
    }
  | {
      /** A file among the tickets is none. It is left where it is. */
      readonly kind: 'ticket-damaged';
      readonly path: string;
      readonly reason: string;
    }
  | {
      /** A line of a journal of tickets is none of its own. The others count. */
      readonly kind: 'journal-damaged';
      readonly path: string;
      readonly line: number;
      readonly reason: string;
    }
  | {
      /** A newer version made a file. It is not read, and left as it is. */
      readonly kind: 'newer-format';
      readonly path: string;
      /** What comes of it. */
      readonly what: string;
    }
  | {
      /** What is kept of the models of a service cannot be used. */
      readonly kind: 'models-unread';
      readonly path: string;
      readonly reason: string;
    }
  | {
      /** The keychain does not give a key, which then counts as missing. */
      readonly kind: 'key-refused';
      /** The environment variable that the key stands in for. */
      readonly name: string;
      readonly reason: string;
    }
  | {
      /** A newer table is used from now on, as the person's config wants. */
      readonly kind: 'table-updated';
      readonly provider: string;
      readonly version: string;
      /** `2 new, 1 changed` */
      readonly changes: string;
    };

/** Called with each notice. That it fails is its owner's affair. */
export type OnNotice = (notice: Notice) => void;

/** What a caller listens with, or nobody, as something that never fails. */
export function listening<T>(listener: ((said: T) => void) | undefined): (said: T) => void {
  return (said) => quietly(() => listener?.(said));
}

/** A notice in plain words, one sentence. `warning`: something is missing; a `note` is only news. */
export function noticeText(notice: Notice): { readonly level: 'note' | 'warning'; readonly text: string } {
  switch (notice.kind) {
    case 'index-rebuilt':
      return note(`the index of the history ${notice.reason}; it is made anew from the sidecars`);
    case 'index-busy':
      return note('waiting for another program that writes the index of the history');
    case 'picture-skipped':
      return warning(`the history cannot hold ${notice.path}: ${notice.reason}`);
    case 'ticket-damaged':
      return warning(`${notice.path} is no ticket (${notice.reason}); it was left as it is`);
    case 'journal-damaged':
      return warning(
        `line ${notice.line} of ${notice.path} tells of no ticket (${notice.reason}); it was left as it is`,
      );
    case 'newer-format':
      return warning(
        `${notice.path} was made by a newer version of anyimage; ${notice.what}, and it was left as it is`,
      );
    case 'models-unread':
      return warning(`${notice.reason}; what came with the code holds`);
    case 'key-refused':
      return warning(`the keychain did not give ${notice.name}: ${notice.reason}`);
    case 'table-updated':
      return note(
        `the table of ${notice.provider} is that of ${notice.version} now (${notice.changes}); anyimage models update --undo takes it back`,
      );
  }
}

function note(text: string) {
  return { level: 'note', text } as const;
}

function warning(text: string) {
  return { level: 'warning', text } as const;
}
