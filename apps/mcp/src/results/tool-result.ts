// What a tool answers with, in words of our own.

import type { Json } from '@anyimage/core';

/** Plain JSON. */
export type Document = { readonly [field: string]: Json };

export type Content =
  | { readonly type: 'text'; readonly text: string }
  /** `data`: base64. */
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly mimeType: string;
      readonly size: number;
      readonly description: string;
    };

export interface ToolResult {
  readonly content: readonly Content[];
  readonly structuredContent: Document;
  readonly isError?: true;
}

/** Plain JSON Schema of structured output: for clients, never checked here. */
export type OutputSchema = Document & { readonly type: 'object' };
