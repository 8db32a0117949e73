import type { Path } from '../../daemon/config/syntax.ts';
import { isMapping } from '../values.ts';
import type { YamlText } from '../yaml-text.ts';

/** Python reads YAML 1.1, in which some plain words are something other than text. */
const TRUE = /^(?:true|yes|on)$/i;
const FALSE = /^(?:false|no|off)$/i;
const FLOAT = /^[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** True or false as Python reads it; undefined for anything else. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  return TRUE.test(value) ? true : FALSE.test(value) ? false : undefined;
}

/** A number, also of a text that is one; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[-+]?(?:\d+|\d+\.\d*|\.\d+)\s*$/.test(value)) return undefined;
  return Number(value);
}

/** Whether it is nothing, as Python reads it. */
export const isNone = (value: unknown): boolean => value === null || value === '~';

/** The text of a number or a text, as Python has it: a plain `010` is the octal 8. */
export function plainText(value: unknown, path: Path, yaml: YamlText): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  return /^0[0-7]+$/.test(value) && !yaml.isQuoted(path) ? String(Number.parseInt(value, 8)) : value;
}

/** A value of the file as a Python literal. */
export function pythonLiteral(value: unknown, path: Path, yaml: YamlText): string {
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => pythonLiteral(item, [...path, index], yaml)).join(', ')}]`;
  }
  if (isMapping(value)) {
    const items = Object.entries(value).map(
      ([key, item]) => `${pythonText(key)}: ${pythonLiteral(item, [...path, key], yaml)}`,
    );
    return `{${items.join(', ')}}`;
  }
  if (typeof value === 'string' && yaml.isQuoted(path)) return pythonText(value);
  if (isNone(value)) return 'None';
  const flag = flagOf(value);
  if (flag !== undefined) return flag ? 'True' : 'False';
  const text = plainText(value, path, yaml) ?? String(value);
  return typeof value === 'number' || FLOAT.test(text) || text !== value ? text : pythonText(text);
}

/** JSON's escapes are Python's too. */
export const pythonText = (text: string): string => JSON.stringify(text);
