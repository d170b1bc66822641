// What a tool answers with, in words of our own.

import type { Json } from '@anyimage/core';

/** Plain JSON. */
export type Document = { readonly [field: string]: Json };

export type Content =
  | { readonly type: 'text'; readonly text: string }
  /** `data`: base64. */
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string; readonly annotations?: Annotations }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly mimeType: string;
      readonly size: number;
      readonly description: string;
      readonly annotations?: Annotations;
    };

/** Whom a content is for. */
export interface Annotations {
  readonly audience: readonly ('user' | 'assistant')[];
}

/** What an agent should do next: the same in the text and in the structure. */
export interface NextStep {
  /** One sentence. */
  readonly say: string;
  /** The tool to call, if the step is a call. */
  readonly tool?: string;
  readonly arguments?: Document;
}

export interface ToolResult {
  readonly content: readonly Content[];
  /** Absent where it would hide the pictures from the model; tools with an `outputSchema` always have it. */
  readonly structuredContent?: Document;
  readonly isError?: true;
  /** Called when the answer was written to the client, which had not taken its request back. */
  readonly onDelivered?: () => void;
  /** Called when the client takes its request back after that: it had given up before the answer came. */
  readonly onMissed?: () => void;
}

/** Plain JSON Schema of structured output: for clients, never checked here. */
export type OutputSchema = Document & { readonly type: 'object' };
