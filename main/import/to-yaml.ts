import { Document, isMap, isScalar, isSeq, type Node, Scalar, visit, type YAMLMap } from 'yaml';
import type { ImportedJob, Remark } from './imported.ts';

/** Jobs of one file, with what they are called there. */
export interface JobSource {
  /** As comments name it: the path of the file, or `crontab -l`. */
  readonly source: string;
  readonly jobs: readonly ImportedJob[];
}

/** A longer list stands below its key, an item to a line. */
const LONGEST_FLOW = 80;
/** Mappings that are written on one line, as in the documentation. */
const FLOW_KEYS = new Set(['keep_alive', 'retry', 'watch', 'stdin', 'overlap', 'missed']);

/** The jobs as the text of a soloist.yaml, with a comment at each that names its source. Ends with a line break. */
export function toYaml(sources: readonly JobSource[]): string {
  const document = new Document({ jobs: {} });
  const jobs = document.get('jobs') as YAMLMap;
  for (const { source, jobs: imported } of sources) {
    for (const { name, line, settings } of imported) {
      const key = new Scalar(name);
      key.commentBefore = ` ${commentText(source)}${line === undefined ? '' : `, line ${line}`}`;
      key.spaceBefore = jobs.items.length > 0;
      jobs.add({ key, value: jobNode(document, settings) });
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function jobNode(document: Document, settings: ImportedJob['settings']): Node {
  const node = document.createNode(settings, { aliasDuplicateObjects: false }) as YAMLMap;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === 'schedule') quote(value);
    if ((isSeq(value) || (isMap(value) && FLOW_KEYS.has(name))) && isShort(value)) value.flow = true;
  }
  return node;
}

/** Schedules begin with stars and at signs, which YAML takes for something else. */
function quote(value: unknown): void {
  visit(value as Node, {
    Scalar: (_, scalar) => {
      scalar.type = 'QUOTE_DOUBLE';
    },
  });
}

function isShort(value: Node): boolean {
  const text = JSON.stringify(value.toJSON());
  return text.length <= LONGEST_FLOW && !text.includes('\\n');
}

/** A comment is one line, whatever a file is called. */
export const commentText = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');

const LONGEST_LINE = 110;

/** Remarks and sentences as comments of YAML, so that all that is printed can be a file. */
export function comments(lines: readonly string[]): string {
  return lines
    .flatMap((line) => wrapped(commentText(line), LONGEST_LINE))
    .map((line) => `#${line === '' ? '' : ` ${line}`}`)
    .join('\n');
}

/** Lines of at most so many characters where spaces allow it; further ones are indented by two more than the first. */
function wrapped(text: string, longest: number): string[] {
  const indent = `${/^ */.exec(text)?.[0] ?? ''}  `;
  const lines: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const space = rest.lastIndexOf(' ', longest);
    const end = space > indent.length ? space : rest.indexOf(' ', longest);
    if (end < 0) break;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end + 1);
  }
  return [...lines, rest];
}

/** `line 3, backup: MAILTO=x had to be left out. Why.` */
export function remarkText({ line, job, what, kind, why }: Remark): string {
  const place = [line === undefined ? [] : [`line ${line}`], job === undefined ? [] : [job]]
    .flat()
    .join(', ');
  // Of one thing or of several.
  const verdict = kind === 'left-out' ? 'had to be left out' : 'cannot be quite the same';
  return `${place === '' ? '' : `${place}: `}${what} ${verdict}. ${why}`;
}
