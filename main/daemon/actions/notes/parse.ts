import type { Nodes } from 'mdast';
import { parse as parseYaml } from 'yaml';
import { extent, parseMarkdown, pieces } from './markdown.ts';
import { type NoteLink, noteName } from './resolve.ts';

/** What a note says, apart from its code. */
export interface ParsedNote {
  /** Of the front matter, else the first heading, else the name of the file. */
  readonly title: string;
  /** An id that the person or a program gave it: `id` or `uid` of the front matter. */
  readonly uid: string | undefined;
  readonly aliases: readonly string[];
  /** Without `#`. */
  readonly tags: readonly string[];
  readonly headings: readonly string[];
  /** The rest of what can be read, without code, addresses and front matter; of links what they show. */
  readonly text: string;
  readonly links: readonly NoteLink[];
  /** What is odd about it, such as broken front matter; the note is read all the same. */
  readonly warning: string | undefined;
}

interface Found {
  readonly headings: string[];
  readonly texts: string[];
  readonly links: NoteLink[];
  readonly tags: Set<string>;
  matter: string | undefined;
}

const WIKI_LINK = /!?\[\[([^[\]|#^\n]*)(#[^[\]|\n]*|\^[^[\]|\n]*)?(?:\|([^[\]\n]*))?\]\]/g;
const TAG = /(?<=^|[\s([,;])#([\p{L}\p{N}_/-]*[\p{L}_/-][\p{L}\p{N}_/-]*)/gu;
const ADDRESS = /\b(?:https?|ftp|file|obsidian|mailto):\S+/g;
const COMMENT = /%%[\s\S]*?%%/g;

/** Parses a note. `path` is below the vault, with slashes. Never throws: whatever is in a file, it is a note. */
export function parseNote(path: string, text: string): ParsedNote {
  const found: Found = { headings: [], texts: [], links: [], tags: new Set(), matter: undefined };
  for (const piece of pieces(text)) takePiece(piece.text, piece.start === 0, found);
  const { values, warning } = frontMatter(found.matter);
  if (found.matter !== undefined) takeLinks(found.matter, found);
  for (const tag of [...words(values.tags), ...words(values.tag)]) found.tags.add(tag.replace(/^#/, ''));
  const written = texts(values.title)[0]?.trim();
  return {
    title: written || found.headings[0] || noteName(path),
    uid: texts(values.id)[0] ?? texts(values.uid)[0],
    aliases: [...texts(values.aliases), ...texts(values.alias)],
    tags: [...found.tags],
    headings: found.headings,
    text: found.texts.join('\n'),
    links: found.links,
    warning,
  };
}

function takePiece(source: string, isFirst: boolean, found: Found): void {
  const hidden: { from: number; to: number }[] = [];
  const walk = (node: Nodes, texts: string[]): void => {
    switch (node.type) {
      case 'yaml':
        if (isFirst) found.matter = node.value;
        hidden.push(extent(node));
        return;
      case 'code':
      case 'inlineCode':
      case 'html':
        hidden.push(extent(node));
        return;
      case 'text':
        texts.push(node.value);
        return;
      case 'break':
        texts.push(' ');
        return;
      case 'image':
      case 'imageReference':
        if (node.alt) texts.push(node.alt);
        return;
      case 'link':
      case 'definition':
        takeMarkdownLink(node.url, found);
        if (node.type === 'definition') return;
        for (const child of node.children) walk(child, texts);
        return;
      case 'heading':
      case 'paragraph': {
        const inner: string[] = [];
        for (const child of node.children) walk(child, inner);
        const said = readable(inner.join(''));
        if (said !== '') (node.type === 'heading' ? found.headings : found.texts).push(said);
        return;
      }
      default:
        if ('children' in node) for (const child of node.children) walk(child, texts);
    }
  };
  walk(parseMarkdown(source, isFirst), found.texts);
  const visible = without(source, hidden).replace(COMMENT, ' ');
  takeLinks(visible, found);
  for (const [, tag] of visible.replace(WIKI_LINK, ' ').matchAll(TAG)) if (tag) found.tags.add(tag);
}

/** What a person reads of a text with links between double brackets. */
function readable(text: string): string {
  return text
    .replace(WIKI_LINK, (_, target: string, _heading, shown: string | undefined) => shown ?? target)
    .replace(ADDRESS, ' ')
    .trim();
}

function takeLinks(text: string, found: Found): void {
  for (const [, target = ''] of text.matchAll(WIKI_LINK))
    if (target.trim() !== '') found.links.push({ kind: 'wiki', target: target.trim() });
}

function takeMarkdownLink(url: string, found: Found): void {
  if (/^[a-z][a-z\d+.-]+:/i.test(url)) return;
  const [address = ''] = url.split(/[#?]/, 1);
  let target = address;
  try {
    target = decodeURIComponent(address);
  } catch {
    // A percent sign that is meant as one.
  }
  if (/\.(?:md|markdown)$/i.test(target)) found.links.push({ kind: 'markdown', target });
}

/** A text with spaces where parts of it were, so that everything else stays where it is. */
function without(text: string, parts: readonly { readonly from: number; readonly to: number }[]): string {
  let end = 0;
  const kept: string[] = [];
  for (const { from, to } of parts.toSorted((one, other) => one.from - other.from)) {
    if (from < end) continue;
    kept.push(text.slice(end, from), ' '.repeat(to - from));
    end = to;
  }
  kept.push(text.slice(end));
  return kept.join('');
}

function frontMatter(source: string | undefined): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly warning: string | undefined;
} {
  if (source === undefined) return { values: {}, warning: undefined };
  try {
    const values: unknown = parseYaml(source, { logLevel: 'error', maxAliasCount: 20 });
    const isMapping = typeof values === 'object' && values !== null && !Array.isArray(values);
    return isMapping || values === null
      ? { values: { ...(values as object | null) }, warning: undefined }
      : { values: {}, warning: 'its front matter is no mapping' };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return { values: {}, warning: `its front matter is broken (${reason.replace(/:$/, '')})` };
  }
}

/** A value of front matter that may be one text or a list of them. */
function texts(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list
    .filter((item) => typeof item === 'string' || typeof item === 'number')
    .map(String)
    .filter((item) => item.trim() !== '');
}

const words = (value: unknown): string[] =>
  texts(value).flatMap((text) => (Array.isArray(value) ? [text] : text.split(/[\s,]+/).filter(Boolean)));
