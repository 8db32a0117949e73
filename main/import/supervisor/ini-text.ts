import { SoloistError } from '../../daemon/errors.ts';

export interface IniOption {
  /** Lines of one value are joined by a line break, as Python does. */
  readonly value: string;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  /** By name in lower case. */
  readonly options: Map<string, IniOption>;
}

interface Reading {
  readonly section: IniSection;
  option: { readonly name: string; readonly line: number; readonly parts: string[] } | undefined;
  indent: number;
}

/**
 * Reads an INI file as Python's RawConfigParser does for supervisord: continuation lines, `;` and `#` comments at the beginning
 * of a line or after a space, `=` or `:`; sections and options that are there twice are one. Throws a `SoloistError` with the
 * line where Python would refuse it.
 */
export function readIni(text: string, file: string): readonly IniSection[] {
  const sections = new Map<string, IniSection>();
  let reading: Reading | undefined;
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const comment = commentStart(whole);
    const value = whole.slice(0, comment).trim();
    if (value === '') {
      // An empty line belongs to the value around it, a comment does not.
      if (comment === undefined) reading?.option?.parts.push('');
      continue;
    }
    const indent = whole.search(/\S/);
    if (reading?.option !== undefined && indent > reading.indent) {
      reading.option.parts.push(value);
      continue;
    }
    const name = /^\[(.+)\]/.exec(value)?.[1];
    if (name !== undefined) {
      finish(reading);
      const section: IniSection = sections.get(name) ?? { name, line, options: new Map() };
      sections.set(name, section);
      reading = { section, option: undefined, indent };
      continue;
    }
    if (reading === undefined) throw unreadable(file, line, 'there is no [section] before it');
    const [, key = '', first = ''] = /^(.*?)\s*[=:]\s*(.*)$/.exec(value) ?? [];
    if (key === '') throw unreadable(file, line, 'it is neither a [section] nor name=value');
    finish(reading);
    reading.option = { name: key.toLowerCase(), line, parts: [first] };
    reading.indent = indent;
  }
  finish(reading);
  return withDefaults(sections);
}

function finish(reading: Reading | undefined): void {
  if (reading?.option === undefined) return;
  const { name, line, parts } = reading.option;
  reading.section.options.set(name, { value: parts.join('\n').trimEnd(), line });
  reading.option = undefined;
}

/** Where the comment of a line begins; undefined if it has none. */
function commentStart(line: string): number | undefined {
  if (/^\s*[;#]/.test(line)) return 0;
  const found = /\s[;#]/.exec(line);
  return found === null ? undefined : found.index + 1;
}

function unreadable(file: string, line: number, reason: string): SoloistError {
  return new SoloistError({
    code: 'import-unreadable',
    message: `${file}:${line} cannot be read: ${reason}.`,
    hint: 'It takes a supervisord.conf, or one of the files that it includes.',
  });
}

/** Options of [DEFAULT] hold in every section that does not say otherwise. */
function withDefaults(sections: ReadonlyMap<string, IniSection>): readonly IniSection[] {
  const defaults = sections.get('DEFAULT');
  const others = [...sections.values()].filter((section) => section !== defaults);
  for (const { options } of others) {
    for (const [name, option] of defaults?.options ?? []) if (!options.has(name)) options.set(name, option);
  }
  return others;
}
