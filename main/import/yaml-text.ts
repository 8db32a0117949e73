import { readDocument } from '../daemon/config/document.ts';
import type { Path } from '../daemon/config/syntax.ts';
import { SoloistError } from '../daemon/errors.ts';

/** A YAML file that was read, with the places of what it says. */
export interface YamlText {
  readonly value: unknown;
  /** From 1. */
  readonly lineOf: (path: Path) => number;
  /** Whether a value was written in quotes, so that it is text whatever it looks like. */
  readonly isQuoted: (path: Path) => boolean;
}

/** Reads YAML or JSON. Throws a `SoloistError` that names the file and the line where it is neither. */
export function readYamlText(text: string, file: string): YamlText {
  const read = readDocument(text);
  const lines = lineCounter(text);
  if (!read.ok) {
    const [fault] = read.faults;
    throw new SoloistError({
      code: 'import-unreadable',
      message: `${file}:${lines(fault?.start ?? 0)} cannot be read: ${fault?.reason ?? 'it is not YAML'}.`,
      hint: fault?.hint,
    });
  }
  const { value, locate } = read.document;
  return {
    value,
    lineOf: (path) => lines(locate(path, 'key')[0]),
    isQuoted: (path) => /["'|>]/.test(text.charAt(locate(path, 'value')[0])),
  };
}

/** Finds the line (from 1) of a position in the text. */
export function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
