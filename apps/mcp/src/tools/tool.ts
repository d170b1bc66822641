// What a tool is, in words of our own: the binding to the SDK is server/serve.ts alone.

import type { Environment, Kind } from '@anyimage/host';
import type { Services } from '../calls/services.ts';
import type { ClientProfile } from '../results/profiles.ts';
import type { Document, OutputSchema, ToolResult } from '../results/tool-result.ts';

export type { Kind };

/** Plain JSON Schema of the arguments. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
}

/** The part of JSON Schema that arguments are described with: what every client and service of language models takes. */
export interface Schema {
  readonly type: Kind;
  readonly description?: string;
  /** Of a text, which is compared without case. */
  readonly enum?: readonly string[];
  /** Of a list. */
  readonly items?: Schema;
}

/** All that a tool gets besides its arguments. */
export interface ToolContext {
  readonly services: Services;
  /** Aborts when the client takes its request back; the reason is the client's own words. */
  readonly signal: AbortSignal;
  /** Tells the client how it goes, if it asked for that. */
  readonly report: (message: string) => void;
  /** Folders that the client lets servers read, absolute; empty if it has none to offer. */
  readonly clientRoots: () => Promise<readonly string[]>;
  readonly client: ClientProfile;
  /**
   * What the person says to a question, before anything is sent. Throws what makes the server ask, where nobody was asked yet: the tool
   * runs again with the answer. `undefined`: the client cannot ask.
   */
  readonly ask: (question: Question) => Answer | undefined;
}

export interface Question {
  /** Tells the questions of one call apart: `price`. */
  readonly key: string;
  /** What the person reads. */
  readonly message: string;
  /** Where the person does what is asked for, instead of a yes or no here: the page of a key. */
  readonly url?: string;
}

export type Answer = 'yes' | 'no';

/** Thrown by `ask` of a tool's context: the tool ends, the person is asked, and the tool runs again with the answer. */
export class AskPerson extends Error {
  readonly question: Question;

  constructor(question: Question) {
    super(question.message);
    this.question = question;
  }
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  /** Of tools that make pictures. */
  readonly outputSchema?: OutputSchema;
  /** Whether the arguments are the words of a request, and may be written in all the ways that those may. */
  readonly takesRequest?: true;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  /** What the text of a failure begins with. */
  readonly failureWords?: string;
  /** `given` is what `readArguments` made of them. Throws what `runTool` turns into a refusal. */
  run(given: Document, context: ToolContext): Promise<ToolResult>;
}

/** What a server offers its clients, and where it finds its settings. */
export interface Offer {
  readonly tools: readonly Tool[];
  /** For the agent, about all tools. */
  readonly instructions: string;
  readonly env: Environment;
  /** What the first answer tells besides, such as of variables that do not count. */
  readonly notes?: readonly string[];
  /** Nothing but tools: no prompts, no resources, no tasks. */
  readonly toolsAlone?: boolean;
}
