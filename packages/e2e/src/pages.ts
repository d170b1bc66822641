// The pages of the repository, as people read them: every page, its samples, and the code words within its sentences.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A page: its path from the top of the repository, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Sample {
  readonly page: string;
  /** Where its first line stands, from 1. */
  readonly line: number;
  /** As the fence names it; '' for none. */
  readonly language: string;
  readonly text: string;
  /** What stands before it without being shown: the text of a comment `<!-- before: … -->` on the lines above the fence. */
  readonly before: string;
}

/** Words in backticks, with the paragraph, list item or row of a table that they stand in. */
export interface CodeWord {
  readonly page: string;
  readonly word: string;
  readonly around: string;
}

/** Every page below the top: pages that are added are found by themselves. What is generated for a release is none, nor what is to be filled in. */
export function readPages(): readonly Page[] {
  return pathsBelow('').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return /^(\.|node_modules$|templates$|dist)/.test(entry.name) ? [] : pathsBelow(path);
    return entry.name.endsWith('.md') && entry.name !== 'CHANGELOG.md' ? [path] : [];
  });
}

/** Whether a page tells facts of a service: its JSON is the service's, and may be cut short. */
export function isOfFacts(path: string): boolean {
  return path.startsWith('docs/providers/') || path.endsWith('/FACTS.md');
}

const fence = /(?:^<!-- before:\n(?<before>(?:(?!-->).*\n)*?)-->\n)?^```(?<language>\S*)\n(?<text>[\s\S]*?)^```$/gm;

/** The fenced blocks of a page. */
export function samplesOf({ path, text }: Page): readonly Sample[] {
  return [...text.matchAll(fence)].map((found) => {
    const { before = '', language = '', text: code = '' } = found.groups!;
    const start = found.index + found[0].lastIndexOf(`\`\`\`${language}\n${code}`);
    return { page: path, line: text.slice(0, start).split('\n').length + 1, language, text: code, before };
  });
}

/** What stands in backticks outside of the fenced blocks. */
export function codeWordsOf({ path, text }: Page): readonly CodeWord[] {
  const paragraphs = text.replace(fence, '').split(/\n\n|\n(?=[-|#]|\d+\. )/);
  return paragraphs.flatMap((around) =>
    [...around.matchAll(/(`+)(.+?)\1/gs)].map(([, , word]) => ({
      page: path,
      word: word!.replace(/\s*\n\s*/g, ' '),
      around,
    })),
  );
}
