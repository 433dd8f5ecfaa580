/** The project's documents, taken apart: links, headings, code. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programDir } from '../../src/run/program-version.ts';

export interface MarkdownDocument {
  /** From the project's folder. */
  readonly path: string;
  /** Of links and pictures, as they stand there. */
  readonly links: readonly string[];
  /** What a link may name behind `#`. */
  readonly anchors: ReadonlySet<string>;
  /** Fenced blocks with their language, and stretches of code within lines, whose language is empty. */
  readonly code: readonly { readonly language: string; readonly text: string }[];
}

/** All documents at the top and below `src`, `scripts` and `tests`. */
export async function readDocuments(): Promise<readonly MarkdownDocument[]> {
  const listed = await Promise.all(
    ['.', 'src', 'scripts', 'tests'].map(async (folder) => {
      const files = await readdir(join(programDir, folder), { recursive: folder !== '.' });
      return files.filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
    }),
  );
  return listed
    .flat()
    .sort()
    .map((path) => parseDocument(path, readFileSync(join(programDir, path), 'utf8')));
}

/** Takes one apart. */
export function parseDocument(path: string, text: string): MarkdownDocument {
  const blocks: { language: string; text: string }[] = [];
  const prose = text.replace(/^```(\w*)\n([\s\S]*?)^```$/gm, (_, language: string, block: string) => {
    blocks.push({ language, text: block });
    return '';
  });
  const inline = [...prose.matchAll(/(`+)(.+?)\1/g)].map(([, , code = '']) => ({ language: '', text: code }));
  const words = prose.replace(/(`+)(.+?)\1/g, (_, __, code: string) => code.replace(/[[\]()<>]/g, ''));
  const links = [
    ...[...words.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link),
    ...[...words.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, link = '']) => link),
  ];
  const anchors = new Set([...words.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading)));
  return { path, links, anchors, code: [...blocks, ...inline] };
}

/** As GitHub and its like make them of headings. */
function toAnchor(heading: string): string {
  return heading
    .replace(/\]\([^)]*\)/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
