// Where pictures go. They are written as they arrive and appear only when complete.

import type { Applied, Warning } from './notices.ts';
import type { Money } from './provider.ts';
import type { GeneratedImage } from './result.ts';

/** What is known of a picture before its first byte. */
export interface ImageHint {
  /** Stands for this picture and no other: when its ticket is resumed, it is the same. */
  readonly id: string;
  /** `provider/model`. */
  readonly model: string;
  /** The prompt as the caller gave it. */
  readonly prompt: string;
  /** Position in the request, from 0. */
  readonly index: number;
  /** How many pictures were asked for. */
  readonly count: number;
  /** Its `ref` may be asked for later: the caller gave an intent. */
  readonly keep?: true;
  /** An earlier run may have put it in its place, and have been stopped before anybody heard of it. */
  readonly resumed?: true;
}

/** What is known of a picture once it is made, for who keeps records of pictures. */
export interface PictureRecord
  extends Pick<GeneratedImage, 'model' | 'seed' | 'revisedPrompt' | 'sourceUrl' | 'expiresAt' | 'metadata'> {
  readonly prompt: { readonly original: string; readonly sent: string };
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
  /** The share of this picture alone; `null` = unknown, absent = nothing. */
  readonly cost?: Money | null;
  /** What the call cost that made this picture and others with it, all of them together. Absent where it made one, or a part is gone. */
  readonly callCost?: Money;
  readonly timings: { readonly totalMs: number };
}

/** What a store gives back for a complete picture. */
export interface StoredImage {
  /** Present if the store keeps another form of the picture, such as the format that the person's file name asks for. */
  readonly facts?: ImageFacts;
  readonly path?: string;
  /** The store's own name for it, by which `find` gives it back. */
  readonly ref?: string;
  bytes(): Promise<Uint8Array>;
  stream(): ReadableStream<Uint8Array>;
}

/** What is known once the picture is complete and verified. */
export type ImageFacts = Pick<GeneratedImage, 'mediaType' | 'width' | 'height' | 'byteLength'>;

/** `X`: what it adds to what is known of a picture. */
export interface ImageWriter<X = unknown> {
  /** Told before the first byte how many are announced, if that is known: to make room. There may be fewer or more of them. */
  expect?(byteLength: number): void;
  /** Resolves when the chunk is taken. Throws `storage`. */
  write(chunk: Uint8Array): Promise<void>;
  /** Makes the picture visible, all at once, and its record with it. Throws `storage` if the picture is not kept. */
  commit(facts: ImageFacts, record: PictureRecord): Promise<StoredImage & X>;
  /** Leaves nothing behind. Never throws. */
  abort(): Promise<void>;
}

/** What will be written soon: pictures, and bytes in all as far as they can be foretold. */
export interface ExpectedPictures {
  readonly count: number;
  readonly bytes: number;
}

/** `X`: what it adds to what is known of a picture, such as an address: whatever else `commit` and `find` give. */
export interface ImageStore<X = unknown> {
  /** What is written is elsewhere once `write` resolves, such as on a disk: the memory of a chunk is used for others then. */
  readonly copies?: true;
  /** Called before the request is sent, so that what cannot be written is known before it is paid for. Throws `storage`. */
  open(hint: ImageHint): Promise<ImageWriter<X>>;
  /** Makes sure that there is room, until the function it returns is called. Throws `storage`. */
  expect?(pictures: ExpectedPictures): Promise<() => void>;
  /** Writers at other places, the best first, for bytes that are paid for and cannot be written where they should be. */
  rescue?(hint: ImageHint): AsyncIterable<ImageWriter>;
  /** A picture by its `ref`; `undefined` if it is not there any more. */
  find?(ref: string): Promise<(StoredImage & X) | undefined>;
  /** Keeps an answer that nobody could read, readable for this person alone, and returns its `ref`. Throws `storage`. */
  keepAnswer?(body: Uint8Array): Promise<string>;
  /** Removes a rescued picture or a kept answer once the picture is where it belongs. Never rejects. */
  forget?(ref: string): Promise<void>;
}

/** Pictures in memory: the default of the library. */
export function memoryImageStore(): ImageStore {
  const kept = new Map<string, StoredImage>();
  return {
    async open({ keep }) {
      let room: Uint8Array | undefined;
      let filled = 0;
      let others: Uint8Array[] = [];
      return {
        expect(byteLength) {
          room = Buffer.allocUnsafeSlow(byteLength);
        },
        async write(chunk) {
          if (!room || others.length || filled + chunk.length > room.length) {
            others.push(chunk);
            return;
          }
          // To its place while the next one is on its way, and not all of them at the end.
          room.set(chunk, filled);
          filled += chunk.length;
        },
        async commit() {
          const parts = room && filled > 0 ? [room.subarray(0, filled), ...others] : others;
          const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
          const stream = () => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
          const stored: StoredImage = { bytes: async () => bytes, stream };
          if (!keep) return stored;
          const ref = `memory-${kept.size + 1}`;
          kept.set(ref, stored);
          return { ...stored, ref };
        },
        async abort() {
          room = undefined;
          others = [];
        },
      };
    },
    find: async (ref) => kept.get(ref),
    async keepAnswer(body) {
      const ref = `answer-${kept.size + 1}`;
      kept.set(ref, { bytes: async () => body, stream: () => new Blob([Buffer.from(body)]).stream() });
      return ref;
    },
    async forget(ref) {
      if (ref.startsWith('answer-')) kept.delete(ref);
    },
  };
}
