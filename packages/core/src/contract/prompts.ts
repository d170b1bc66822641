// How a client treats prompts: the language, the text model's memory, the named styles.

/** How a client treats prompts; see `ClientOptions.prompts`. */
export interface PromptSettings {
  /**
   * Says the language of a text, ISO 639-1 in lower case, or nothing if it is not sure; any other answer and any failure count
   * as not sure. Default: by script alone.
   */
  readonly detect?: (text: string) => string | undefined | Promise<string | undefined>;
  /** Remembers what text models wrote; default in memory. */
  readonly cache?: PromptCache;
  /** Named styles, for `style` and `enhance`; see `styleBook`. */
  readonly styles?: StyleBook;
}

export interface PromptCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
}

/** What the name of a style stands for. */
export interface PromptStyle {
  /** Added to the prompt as it is sent. */
  readonly words: string;
  /** What `enhance` asks of the text model; default the words. */
  readonly enhance?: string;
  /** What it is, for `applied`: `"a style of your config"`; default `"a named style"`. */
  readonly label?: string;
  /** A style of that name of the model itself comes first. */
  readonly yields?: true;
}

/** The named styles of a client. What its functions throw ends the request before anything is sent. */
export interface StyleBook {
  find(name: string): PromptStyle | undefined | Promise<PromptStyle | undefined>;
  /** All names, for suggestions. */
  names?(): readonly string[] | Promise<readonly string[]>;
}
