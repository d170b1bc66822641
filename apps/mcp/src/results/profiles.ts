// How pictures and words reach the person and the model behind each client: data, by the name that the client gives. Where nothing is
// known of a client, it has the value that is safe with any.

import { ImageError, isUnfilled, quotedWord } from '@anyimage/core';

export interface ClientProfile {
  /** Of the table: `claude-desktop`, `unknown`. */
  readonly name: string;
  readonly preview: {
    /** Of pictures without transparency; with `jpeg`, one with transparency is webp. */
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
  /** Whether the agent itself can open files of this machine, to look at a picture. */
  readonly readsFiles: boolean;
  /** Whether a picture is lost to the model where the answer has structure, too. */
  readonly structureHidesPictures: boolean;
  /** How long a call may take before it is answered with a handle, s. */
  readonly waitSeconds: number;
}

/** A client that nobody knows. */
export const unknownClient: ClientProfile = {
  name: 'unknown',
  preview: { format: 'jpeg', side: 512, count: 8, bytes: 400_000 },
  link: true,
  tellsPath: true,
  readsFiles: false,
  structureHidesPictures: false,
  waitSeconds: 45,
};

/** A client of the table: how its name begins, compared without capitals, and what of it is not as of an unknown one. */
interface Row extends Partial<Omit<ClientProfile, 'preview'>> {
  readonly name: string;
  readonly clientNames: RegExp;
  readonly preview?: Partial<ClientProfile['preview']>;
}

/** Short of the 60 s after which many give up: that is the default of the SDKs. */
const belowMinute = 45;

const rows: readonly Row[] = [
  {
    // Before Claude Desktop, which gives the same name: this one is remote, and comes through mcp-remote, which adds its own.
    // "claude-ai (via mcp-remote 0.1.37)": PostHog/posthog, tests of MCP analytics. Limit of 60 s: anthropics/claude-ai-mcp#115.
    // Whether it shows pictures of tools is unverified; no file of this machine is in its reach.
    name: 'claude.ai',
    clientNames: /^(?:claude-ai \(via|anthropic\/claudeai)/,
    waitSeconds: belowMinute,
  },
  {
    // {"name":"claude-ai","version":"0.1.0"} in a log of it: 0x4m4/hexstrike-ai#11. Results above 1,048,576 bytes are refused:
    // PrefectHQ/fastmcp#1036. The model sees pictures, in some versions one turn late: anthropics/claude-ai-mcp#643. Calls end after 60 s
    // (anthropics/claude-code#22542), in later versions after 240 s (anthropics/claude-code#65643).
    name: 'claude-desktop',
    clientNames: /^(?:claude-ai|claude[- ]desktop)\b/,
    waitSeconds: belowMinute,
  },
  {
    // Its content is dropped where there is structure: anthropics/claude-code#54737, #55677, and the structure of errors:
    // #86032. More than 25,000 tokens are refused, with base64 counted as text in some versions: #9152. Its Read tool opens pictures: #592.
    // In the desktop app its calls end after 60 s (#63379); the command line waits 300 s since the last progress (vfarcic/dot-ai#708).
    name: 'claude-code',
    clientNames: /^claude[- ]code\b/,
    preview: { side: 384, count: 2, bytes: 48_000 },
    readsFiles: true,
    structureHidesPictures: true,
    waitSeconds: belowMinute,
  },
  {
    // "cursor-vscode": TianqiZhang/mcp-client-registry. Takes pictures since 0.49: BrowserMCP/mcp#30. Calls end after 300 s:
    // cursor/cursor#3510. Whether the person sees pictures of tools is unverified.
    name: 'cursor',
    clientNames: /^cursor\b/,
    readsFiles: true,
    waitSeconds: 120,
  },
  {
    // "Visual Studio Code", and "… - Insiders": TianqiZhang/mcp-client-registry. Gives each part to whom its audience names, and shows those
    // for the user at once: mcpLanguageModelToolContribution.ts of microsoft/vscode. Pictures otherwise only on a click:
    // microsoft/vscode#293679. A limit of calls is unverified; more than a minute was seen: anomalyco/opencode#8212.
    name: 'vscode',
    clientNames: /^(?:visual[ -]studio[ -]code|vs[ -]?code)\b/,
    audience: ['user', 'assistant'],
    readsFiles: true,
    waitSeconds: 120,
  },
  {
    // "openai-mcp": several servers that count their clients. Remote, each call in a session of its own. Its limits and whether it shows
    // pictures of tools are unverified.
    name: 'chatgpt',
    clientNames: /^(?:openai-mcp|chatgpt)\b/,
    preview: { count: 4, bytes: 200_000 },
    waitSeconds: belowMinute,
  },
  {
    // "codex-mcp-client": several servers that count their clients. Takes pictures (openai/codex#3741), but structure in their place
    // (anomalyco/opencode#32868). Calls end after 300 s (DEFAULT_TOOL_TIMEOUT, codex-rs/codex-mcp), before 2026 after 60 s.
    name: 'codex',
    clientNames: /^codex\b/,
    preview: { count: 4, bytes: 200_000 },
    readsFiles: true,
    structureHidesPictures: true,
    waitSeconds: belowMinute,
  },
  {
    // `gemini-cli-mcp-client-${serverName}`, calls of up to 10 minutes: mcp-client.ts of google-gemini/gemini-cli. The model gets pictures,
    // the person the word "[Image: image/jpeg]": mcp-tool.ts there.
    name: 'gemini-cli',
    clientNames: /^gemini[- ]cli\b/,
    readsFiles: true,
    waitSeconds: 240,
  },
  {
    // "Cline", DEFAULT_MCP_TIMEOUT_SECONDS: McpHub.ts of cline/cline; that is 60. Shows pictures in its rich display: cline/cline#2146.
    name: 'cline',
    clientNames: /^cline\b/,
    preview: { count: 4, bytes: 200_000 },
    readsFiles: true,
    waitSeconds: belowMinute,
  },
  {
    // "goose", or the name of the program around it: mcp_client.rs of aaif-goose/goose. Pictures stay in the conversation, and all of it
    // may have 9 MB: aaif-goose/goose#6714. A limit of 300 s is unverified.
    name: 'goose',
    clientNames: /^goose\b/,
    preview: { count: 4, bytes: 200_000 },
    readsFiles: true,
    waitSeconds: 120,
  },
  {
    // "Zed": TianqiZhang/mcp-client-registry. Calls end after 60 s: zed-industries/zed#32668, #45378. Older versions pass over pictures
    // ("Ignoring image content from tool response"), later ones show them.
    name: 'zed',
    clientNames: /^zed\b/,
    readsFiles: true,
    waitSeconds: belowMinute,
  },
  {
    // "opencode" is unverified as its name. Drops content where there is structure, on purpose: anomalyco/opencode#32868. Calls end after
    // 60 s: anomalyco/opencode#8701.
    name: 'opencode',
    clientNames: /^opencode\b/,
    preview: { count: 4, bytes: 200_000 },
    readsFiles: true,
    structureHidesPictures: true,
    waitSeconds: belowMinute,
  },
];

/** All profiles, the unknown client last. */
export const profiles: readonly ClientProfile[] = [...rows.map(profileOfRow), unknownClient];

function profileOfRow({ clientNames: _, preview, ...row }: Row): ClientProfile {
  return { ...unknownClient, ...row, preview: { ...unknownClient.preview, ...preview } };
}

/**
 * What is known of a client. `override`: the value of `ANYIMAGE_CLIENT`, of which nothing holds if {@link overrideProblem} finds
 * something in it.
 */
export function profileOf(
  client: { readonly name: string } | undefined,
  capabilities: { readonly roots?: unknown } | undefined,
  override = process.env.ANYIMAGE_CLIENT,
): ClientProfile {
  const name = client?.name.trim().toLowerCase() ?? '';
  const at = rows.findIndex(({ clientNames }) => clientNames.test(name));
  const known = profiles[at];
  // Who offers folders of this machine works on its files.
  const found = known ?? { ...unknownClient, readsFiles: capabilities?.roots !== undefined };
  const read = readOverride(override, found);
  return 'problem' in read ? found : read.profile;
}

/** What is wrong with the value of `ANYIMAGE_CLIENT`; `undefined` if nothing is. */
export function overrideProblem(override = process.env.ANYIMAGE_CLIENT): ImageError | undefined {
  const read = readOverride(override, unknownClient);
  if (!('problem' in read)) return undefined;
  const fields = Object.keys(settable).join(', ');
  return new ImageError('config', `ANYIMAGE_CLIENT: ${read.problem}`, {
    details: { option: 'ANYIMAGE_CLIENT' },
    hint: `It takes the name of a client (${profiles.map(({ name }) => name).join(', ')}), and FIELD=VALUE of ${fields}, such as "cursor side=1024 count=2". The person corrects it in the configuration of the client.`,
  });
}

type Setter = (value: string, profile: ClientProfile) => ClientProfile | undefined;

const number =
  (most: number, put: (profile: ClientProfile, value: number) => ClientProfile): Setter =>
  (text, profile) =>
    /^\d{1,7}$/.test(text) && Number(text) <= most ? put(profile, Number(text)) : undefined;
const preview =
  (field: 'side' | 'count' | 'bytes') =>
  (profile: ClientProfile, value: number): ClientProfile => ({
    ...profile,
    preview: { ...profile.preview, [field]: value },
  });
const yesNo =
  (field: 'link' | 'tellsPath' | 'readsFiles' | 'structureHidesPictures'): Setter =>
  (text, profile) =>
    /^(?:yes|no)$/.test(text) ? { ...profile, [field]: text === 'yes' } : undefined;

/** The fields that a person can set, with their largest values. */
const settable: { readonly [field: string]: Setter } = {
  format: (text, profile) =>
    text === 'jpeg' || text === 'png' || text === 'webp'
      ? { ...profile, preview: { ...profile.preview, format: text } }
      : undefined,
  side: number(4096, preview('side')),
  count: number(100, preview('count')),
  bytes: number(900_000, preview('bytes')),
  link: yesNo('link'),
  tellsPath: yesNo('tellsPath'),
  readsFiles: yesNo('readsFiles'),
  structureHidesPictures: yesNo('structureHidesPictures'),
  waitSeconds: number(3600, (profile, waitSeconds) => ({ ...profile, waitSeconds })),
};

/** `cursor`, `cursor side=1024 count=2`, `tellsPath=no`. */
function readOverride(
  text: string | undefined,
  found: ClientProfile,
): { readonly profile: ClientProfile } | { readonly problem: string } {
  let profile = found;
  if (isUnfilled(text ?? '')) return { profile };
  for (const word of text?.split(/[\s,]+/).filter(Boolean) ?? []) {
    const [name = '', value] = word.split('=', 2);
    const set = value === undefined ? byName(name) : Object.hasOwn(settable, name) && settable[name]!(value, profile);
    if (!set) return { problem: `${quotedWord(word, 80)} is no client, and no value of a field` };
    profile = set;
  }
  return { profile };
}

function byName(name: string): ClientProfile | undefined {
  return profiles.find((profile) => profile.name === name.toLowerCase());
}
