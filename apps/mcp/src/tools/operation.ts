// What an operation is, in words of our own: the binding to the SDK is serve.ts alone.

import type { ImageError, Json } from '@anyimage/core';
import type { Services } from '../calls/services.ts';

/** Plain JSON Schema of the arguments. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** The kinds of values of JSON Schema. */
export type Kind = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** The part of JSON Schema that arguments are described with, and checked by `checkArguments`. */
export interface Schema {
  readonly type?: Kind;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** Plain JSON Schema of structured output: for clients, never checked here. */
export type OutputSchema = Document & { readonly type: 'object' };

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

/** All that an operation gets besides its arguments. */
export interface ToolContext {
  readonly services: Services;
  /** Aborts when the client takes its request back; the reason is the client's own words. */
  readonly signal: AbortSignal;
  /** Tells the client how it goes, if it asked for that. */
  readonly report: (message: string) => void;
  /** Folders that the client lets servers read, absolute; empty if it has none to offer. */
  readonly clientRoots: () => Promise<readonly string[]>;
}

export interface Operation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: OutputSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  /** `given` passed `checkArguments`. Throws what `runOperation` turns into a refusal. */
  run(given: Document, context: ToolContext): Promise<ToolResult>;
  /** The structured output of a call that ended in `error`; fits `outputSchema`. */
  failed(error: ImageError): Promise<Document>;
}
