// Where pictures go. They are written as they arrive and appear only when complete.

import type { GeneratedImage, GenerateResult } from './result.ts';

/** What is known of a picture before its first byte. */
export interface ImageHint {
  /** `provider/model`. */
  readonly model: string;
  /** The prompt as the caller gave it. */
  readonly prompt: string;
  /** Position in the request, from 0. */
  readonly index: number;
  /** How many pictures were asked for. */
  readonly count: number;
}

/** What a store gives back for a complete picture. */
export interface StoredImage {
  /** Present if the store keeps another form of the picture, such as the format that the person's file name asks for. */
  readonly facts?: ImageFacts;
  readonly path?: string;
  bytes(): Promise<Uint8Array>;
  stream(): ReadableStream<Uint8Array>;
}

/** What is known once the picture is complete and verified. */
export type ImageFacts = Pick<GeneratedImage, 'mediaType' | 'width' | 'height' | 'byteLength'>;

export interface ImageWriter {
  /** Told before the first byte how many are announced, if that is known: to make room. There may be fewer or more of them. */
  expect?(byteLength: number): void;
  /** Resolves when the chunk is taken. Throws `storage`. */
  write(chunk: Uint8Array): Promise<void>;
  /** Makes the picture visible, all at once. Throws `storage`. */
  commit(facts: ImageFacts): Promise<StoredImage>;
  /** Leaves nothing behind. Never throws. */
  abort(): Promise<void>;
}

export interface ImageStore {
  open(hint: ImageHint): Promise<ImageWriter>;
  /** Called when the result is complete: the place for sidecars and an index. */
  settle?(result: GenerateResult): Promise<void>;
}

/** Pictures in memory: the default of the library. */
export function memoryImageStore(): ImageStore {
  return {
    async open() {
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
          return { bytes: async () => bytes, stream: () => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream() };
        },
        async abort() {
          room = undefined;
          others = [];
        },
      };
    },
  };
}
