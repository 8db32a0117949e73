import { type PlistValue, parse } from 'plist';
import { shortened } from '../../daemon/config/syntax.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { shellWord } from '../../daemon/shell-word.ts';

export type Dictionary = Readonly<Record<string, PlistValue>>;

/** A property list whose outermost value is a dictionary. */
export interface Plist {
  readonly values: Dictionary;
  /** The line, from 1, of a key such as `KeepAlive.Crashed` or `StartCalendarInterval[1].Hour`; undefined if it is not there. */
  readonly lineOf: (path: string) => number | undefined;
}

/** Reads the XML text of a property list. Throws a `SoloistError` for anything else; `file` is how it is called there. */
export function readPlist(text: string, file: string): Plist {
  const xml = text.replace(/^\uFEFF/, '');
  if (xml.startsWith('bplist')) {
    throw unreadable(file, 'it is a binary property list', CONVERT);
  }
  if (/^\s*[{(]/.test(xml)) {
    throw unreadable(file, 'it is a property list, but not as XML', CONVERT);
  }
  const lines = keyLines(xml, file);
  const values = parsed(xml, file);
  if (!isDictionary(values)) throw unreadable(file, 'it is a property list without a dictionary');
  return { values, lineOf: (path) => lines.get(path) };
}

export function isDictionary(value: PlistValue | undefined): value is { [key: string]: PlistValue } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const DECLARATION = /^\s*<\?xml[^>]*\?>/;

function parsed(xml: string, file: string): PlistValue {
  try {
    // It is in UTF-8 whatever the declaration says, and the parser is strict about its place.
    return parse(xml.replace(DECLARATION, ''));
  } catch (error) {
    // Its text has positions of its own, and goes over several lines.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw unreadable(file, shortened(reason.trim().replace(/\.$/, ''), 200) || 'it is not a property list');
  }
}

const CONVERT = 'Import its text as XML instead:';

function unreadable(file: string, reason: string, hint?: string): SoloistError {
  return new SoloistError({
    code: 'import-unreadable',
    message: `${file} cannot be read: ${reason}.`,
    hint:
      hint === undefined
        ? 'It should be the XML text of a property list; plutil -lint says what is wrong with one.'
        : `${hint} plutil -convert xml1 -o - ${shellWord(file)} | soloist import launchd -`,
  });
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!\w[^>[]*>|<(\/?)([A-Za-z]+)([^<>]*?)(\/?)>|[^<]+|</g;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;
const DEEPEST = 50;

interface Open {
  readonly tag: string;
  /** Where its content stands: `KeepAlive`, `StartCalendarInterval[1]`. */
  readonly path: string;
  /** The key that was read last, of a dictionary; how many values there were, of a list. */
  key: string;
  count: number;
}

/**
 * The lines of all keys by their paths. Refuses what is not well formed before the parser does, which would write its
 * complaints to standard error by itself.
 */
function keyLines(xml: string, file: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: Open[] = [];
  let line = 1;
  let keyText: string | undefined;
  let roots = 0;
  const refuse = (reason: string): SoloistError => unreadable(file, `${reason} (line ${line})`);

  for (const found of xml.matchAll(TOKEN)) {
    const [token, slash, tag, , empty] = found;
    const { index } = found;
    const inside = open.at(-1);
    if (tag === undefined) {
      const isMisplaced = /^<\?xml/i.test(token) && !DECLARATION.test(xml.slice(0, index + token.length));
      const isNameless = token.startsWith('<?') && !/^<\?[A-Za-z_][\w.-]*(?:\s|\?>)/.test(token);
      if (token === '<' || isMisplaced || isNameless || /^<!ENTITY/i.test(token))
        throw refuse('it is not well-formed XML');
      const isText = !token.startsWith('<');
      if (isText && inside === undefined && token.trim() !== '') throw refuse('it is not XML');
      if (isText && ENTITY.test(token)) throw refuse('a "&" in it is not written as "&amp;"');
      if (keyText !== undefined && isText) keyText += token;
    } else if (slash === '') {
      if (inside === undefined && (tag !== 'plist' || roots > 0)) throw refuse('it is not a property list');
      if (inside === undefined) roots += 1;
      if (open.length > DEEPEST) throw refuse('it is nested too deeply');
      if (tag === 'key') keyText = '';
      else if (inside?.tag === 'array') inside.count += 1;
      if (empty !== '/') open.push({ tag, path: pathInside(inside, tag), key: '', count: 0 });
    } else {
      if (inside?.tag !== tag) throw refuse(`<${inside?.tag ?? ''}> is not closed where </${tag}> is`);
      open.pop();
      const outer = open.at(-1);
      if (tag === 'key' && outer !== undefined) {
        outer.key = unescaped(keyText ?? '');
        const path = outer.path === '' ? outer.key : `${outer.path}.${outer.key}`;
        if (!lines.has(path)) lines.set(path, line);
        keyText = undefined;
      }
    }
    line += token.split('\n').length - 1;
  }
  const [unclosed] = open;
  if (unclosed !== undefined) throw refuse(`<${unclosed.tag}> is not closed`);
  if (roots === 0) throw unreadable(file, xml.trim() === '' ? 'it is empty' : 'it is not a property list');
  return lines;
}

function pathInside(inside: Open | undefined, tag: string): string {
  if (inside === undefined || tag === 'key') return '';
  if (inside.tag === 'array') return `${inside.path}[${inside.count - 1}]`;
  if (inside.tag !== 'dict') return inside.path;
  return inside.path === '' ? inside.key : `${inside.path}.${inside.key}`;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
