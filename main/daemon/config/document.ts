import {
  type Alias,
  type Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParseOptions,
  parseDocument,
  Scalar,
  type ScalarTag,
  type SchemaOptions,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Fault, MOST_FAULTS, type Path, shortened, syntaxFaults } from './syntax.ts';

export interface ReadDocument {
  /** Plain objects, lists, texts, whole numbers, true, false and null. */
  readonly value: unknown;
  /** The start and end, in the text, of a value or of the key before it; of the nearest thing that is there if it is not. */
  readonly locate: (path: Path, part: 'key' | 'value') => readonly [number, number];
}

export type DocumentResult =
  | { readonly ok: true; readonly document: ReadDocument }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const NULL_WORD = /^(?:null|Null|NULL)?$/;
const FLAG_WORD = /^(?:true|false)$/;
const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * What a value without quotes stands for. Only what can be turned back into exactly what was written becomes something
 * other than text: `0755`, `1.10` and `~` stay as they are, since a command, a path or a variable may hold them.
 */
export function plainScalar(written: string): string | number | boolean | null {
  if (WHOLE_NUMBER.test(written)) return Number(written);
  if (FLAG_WORD.test(written)) return written === 'true';
  return NULL_WORD.test(written) ? null : written;
}

const scalarTag = (name: string, test: RegExp): ScalarTag => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test,
  resolve: (written) => new Scalar(plainScalar(written)),
});

const PARSE_OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  schema: 'failsafe',
  customTags: [scalarTag('null', NULL_WORD), scalarTag('bool', FLAG_WORD), scalarTag('int', WHOLE_NUMBER)],
  resolveKnownTags: false,
  // Comparing each key with each other one takes a second for ten thousand jobs; it is done below with a set.
  uniqueKeys: false,
  stringKeys: true,
  prettyErrors: false,
  // 'silent' would also keep it from telling that there is a second document.
  logLevel: 'error',
};

/** Reads YAML 1.2 text with anchors, aliases and merge keys. Never throws: what is not right is in the result. */
export function readDocument(text: string): DocumentResult {
  let document: Document.Parsed;
  try {
    document = parseDocument(text, PARSE_OPTIONS);
  } catch (error) {
    if (error instanceof RangeError) return tooDeep();
    throw error;
  }
  const faults = syntaxFaults([...document.errors, ...document.warnings], text);
  if (faults.length > 0) return { ok: false, faults };
  return convert(document);
}

function tooDeep(): DocumentResult {
  const reason = 'the file is nested too deeply';
  return { ok: false, faults: [{ kind: 'syntax', start: 0, end: 0, path: [], reason, hint: undefined }] };
}

/** More than this many keys taken over from anchors are an accident or an attack. */
const MOST_MERGED_KEYS = 300_000;
/** Far deeper than any valid file, far less than what overflows the stack. */
const DEEPEST = 100;

function convert(document: Document.Parsed): DocumentResult {
  const faults: Fault[] = [];
  const anchors = new Map<string, { node: Node; value: unknown }>();
  const targets = new Map<Alias, Node>();
  let mergedKeys = 0;

  const fault = (node: Node | null, path: Path, reason: string, more?: Partial<Fault>): void => {
    const [start, end] = rangeOf(node) ?? [0, 0];
    if (faults.length < MOST_FAULTS)
      faults.push({ kind: 'syntax', start, end, path, reason, hint: undefined, ...more });
  };

  function readNode(node: unknown, path: Path): unknown {
    if (path.length > DEEPEST) {
      fault(isAnyNode(node) ? node : null, path, `the file is nested more than ${DEEPEST} levels deep`);
      return null;
    }
    if (isAlias(node)) return aliasValue(node, path);
    if (!isAnyNode(node)) return null;
    const value = isMap(node)
      ? mapValue(node, path)
      : isSeq(node)
        ? listValue(node, path)
        : scalarValue(node);
    // Only now: an alias inside its own anchor would make a value without end.
    if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, { node, value });
    return value;
  }

  function aliasValue(alias: Alias, path: Path): unknown {
    const anchor = anchors.get(alias.source);
    if (anchor === undefined) {
      const name = shortened(alias.source);
      fault(alias, path, `"*${name}" refers to an anchor "&${name}" that does not come before it`, {
        hint: `A value that begins with * must be in quotes: "*${name}".`,
      });
      return null;
    }
    targets.set(alias, anchor.node);
    return anchor.value;
  }

  function listValue(node: YAMLSeq, path: Path): unknown[] {
    return node.items.map((item, index) => readNode(item, [...path, index]));
  }

  function mapValue(node: YAMLMap, path: Path): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const merged: Record<string, unknown>[] = [];
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = keyOf(pair);
      const keyNode = isAnyNode(pair.key) ? pair.key : node;
      const keyPath = [...path, key];
      if (key === '__proto__') {
        fault(keyNode, keyPath, '"__proto__" cannot be used as a key', { kind: 'unusable-key' });
      } else if (isMergeKey(pair)) {
        merged.push(...mergeSources(pair.value, readNode(pair.value, keyPath), keyPath));
      } else if (seen.has(key)) {
        fault(keyNode, keyPath, `"${shortened(key)}" is there twice`, {
          kind: 'duplicate-key',
          hint: 'Remove one of both, or give it another name.',
        });
      } else {
        seen.add(key);
        value[key] = readNode(pair.value, keyPath);
      }
    }
    for (const source of merged) mergeInto(value, source, node, path);
    return value;
  }

  function mergeSources(node: unknown, value: unknown, path: Path): Record<string, unknown>[] {
    const sources = Array.isArray(value) ? value : [value];
    if (sources.every(isMapping)) return sources;
    fault(
      isAnyNode(node) ? node : null,
      path,
      '"<<" takes over a mapping or a list of mappings, nothing else',
    );
    return [];
  }

  function mergeInto(value: Record<string, unknown>, source: object, node: Node, path: Path): void {
    if (mergedKeys > MOST_MERGED_KEYS) return;
    const entries = Object.entries(source);
    mergedKeys += entries.length;
    if (mergedKeys > MOST_MERGED_KEYS) {
      fault(node, path, `more than ${MOST_MERGED_KEYS} keys are taken over with "<<"`);
      return;
    }
    for (const [key, taken] of entries) if (!Object.hasOwn(value, key)) value[key] = taken;
  }

  const value = readNode(document.contents, []);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, document: { value, locate: locator(document.contents, targets) } };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAnyNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function scalarValue(node: Node): unknown {
  return isScalar(node) ? node.value : null;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value ?? '') : '';
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (!isAnyNode(node) || node.range === null || node.range === undefined) return undefined;
  return [node.range[0], node.range[1]];
}

function locator(contents: unknown, targets: ReadonlyMap<Alias, Node>): ReadDocument['locate'] {
  const real = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);

  function pairOf(map: unknown, key: string): Pair | undefined {
    if (!isMap(map)) return undefined;
    const own = map.items.find((pair) => keyOf(pair) === key && !isMergeKey(pair));
    if (own !== undefined) return own;
    for (const pair of map.items.filter(isMergeKey)) {
      const source = real(pair.value);
      for (const one of isSeq(source) ? source.items : [source]) {
        const found = pairOf(real(one), key);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  return (path, part) => {
    let node = contents;
    let range = rangeOf(node) ?? [0, 0];
    for (const [index, step] of path.entries()) {
      const inside = real(node);
      const pair = pairOf(inside, String(step));
      const item = isSeq(inside) && typeof step === 'number' ? inside.items[step] : undefined;
      const isLast = index === path.length - 1;
      const keyRange = rangeOf(pair?.key);
      if (pair === undefined && item === undefined) return range;
      if (isLast && part === 'key' && keyRange !== undefined) return keyRange;
      node = pair?.value ?? item;
      const valueRange = rangeOf(node);
      // The empty value of `timeout:` has no extent: its key is what can be shown.
      range = valueRange === undefined || valueRange[0] === valueRange[1] ? (keyRange ?? range) : valueRange;
    }
    return range;
  };
}
