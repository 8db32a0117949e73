import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Block, readMarkdown } from '../../../main/cli/help/markdown.ts';

/** The folder of the repository. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** A page of the documentation, in Markdown. */
export interface Page {
  /** Its path in the repository. */
  readonly path: string;
  readonly markdown: string;
}

const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `${folder}/${file}`);

/** All pages: the README, the topics of the help, and what is in `.github`. */
export const pages: readonly Page[] = ['README.md', ...inFolder('main/help'), ...inFolder('.github')].map(
  (path) => ({ path, markdown: readFileSync(join(ROOT, path), 'utf8') }),
);

/** What a block of code is: part of a configuration, commands of Soloist, or something else. */
export type Code =
  | { readonly kind: 'yaml'; readonly text: string }
  /** A line each, as it stands there. */
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  | { readonly kind: 'other'; readonly text: string };

/** The kind of a block of code, by how it begins. */
export function codeOf(lines: readonly string[]): Code {
  const [first = ''] = lines;
  const text = lines.join('\n');
  if (first.startsWith('soloist ')) return { kind: 'commands', lines: lines.filter((line) => line !== '') };
  if (/^[a-z_]+:(?: |$)/.test(first)) return { kind: 'yaml', text };
  return { kind: 'other', text };
}

/** The blocks of code of a page. */
export const codeBlocks = ({ markdown }: Page): readonly Code[] =>
  readMarkdown(markdown).flatMap((block) => (block.kind === 'code' ? [codeOf(block.lines)] : []));

/** The commands that the sentences of a page name, each once, in quotes of either kind. */
export function mentions({ markdown }: Page): readonly string[] {
  const texts = readMarkdown(markdown).flatMap(textsOf);
  const found = texts.flatMap((text) =>
    [...text.matchAll(/`(soloist [^`]+)`|'(soloist [^']+)'/g)].map(
      ([, code, quoted]) => code ?? quoted ?? '',
    ),
  );
  return [...new Set(found)];
}

function textsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'code':
      return [];
    case 'list':
      return block.items;
    case 'table':
      return [block.titles, ...block.rows].flat();
    default:
      return [block.text];
  }
}
