// The pictures an emulated service has made, behind URLs that need no key and stop working.

import { type Card, drawTestCard } from '../picture/test-card.ts';
import type { Reply } from './definition.ts';
import type { FaultEffect } from './effects.ts';

/** The path under which pictures are served. */
export const filesPath = '/files/';

export interface Files {
  /** Keeps the card and returns the picture's path. Drawn when it is asked for. */
  add(card: Card, now: number): string;
  /** The picture, or the refusal of an unknown or expired path. */
  serve(path: string, now: number, fault?: FaultEffect): Reply;
}

export function createFiles(liveSeconds: number): Files {
  const cards = new Map<string, { card: Card; until: number }>();
  return {
    add(card, now) {
      const path = `${filesPath}picture-${String(cards.size + 1).padStart(4, '0')}.png`;
      cards.set(path, { card, until: now + liveSeconds * 1000 });
      return path;
    },
    serve(path, now, fault) {
      const file = cards.get(path);
      if (!file) return { status: 404, body: 'no such file\n', type: 'text/plain' };
      if (now >= file.until) return { status: 403, body: 'the URL has expired\n', type: 'text/plain' };
      return { body: drawTestCard(resized(file.card, fault)), type: 'image/png' };
    },
  };
}

/** The card in the size that a `wrong-size` fault asks for: by default 16 px wider than it should be. */
export function resized(card: Card, fault: FaultEffect | undefined): Card {
  if (fault?.kind !== 'wrong-size') return card;
  return { ...card, width: fault.width ?? card.width + 16, height: fault.height ?? card.height };
}
