// How pictures and words reach the person behind each client: data, by the name that the client gives.

export interface ClientProfile {
  /** Of the table: `claude-desktop`, `unknown`. */
  readonly name: string;
  readonly preview: {
    readonly format: 'jpeg' | 'png' | 'webp';
    /** Longest side, px. */
    readonly side: number;
    /** Previews in one answer; 0 = the client shows none. */
    readonly count: number;
    /** Bytes of all previews of one answer, as base64. */
    readonly bytes: number;
  };
  /** Whether the full picture is linked as a resource, or named by its path alone. */
  readonly link: boolean;
  /** Whom previews are for, where the client heeds that. */
  readonly audience?: readonly ('user' | 'assistant')[];
  /** Whether the text asks the agent to show the path to the person, who sees no picture otherwise. */
  readonly tellsPath: boolean;
  /** How long a call may take before it is answered with a handle, s. */
  readonly waitSeconds: number;
}

/** A client that nobody knows. */
export const unknownClient: ClientProfile = {
  name: 'unknown',
  preview: { format: 'jpeg', side: 512, count: 8, bytes: 400_000 },
  link: true,
  tellsPath: true,
  waitSeconds: 45,
};
