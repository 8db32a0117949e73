import type { Path } from '../../daemon/config/syntax.ts';
import { isMapping } from '../values.ts';
import type { YamlText } from '../yaml-text.ts';

/** Python reads YAML 1.1, in which some plain words are something other than text. */
const TRUE = /^(?:true|yes|on)$/i;
const FALSE = /^(?:false|no|off)$/i;
const GROUPED = /^[-+]?[1-9]\d*(?:_\d+)+$/;
/** `1:30` is 90, as of minutes and seconds. */
const SIXTIES = /^[-+]?[1-9]\d*(?::[0-5]?\d)+$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?[ \t]*(?:(Z)|([-+]\d\d?)(?::?(\d\d))?)?$/;
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
  const time = typeof value === 'string' ? timeLiteral(value) : undefined;
  if (time !== undefined) return time;
  if (isNone(value)) return 'None';
  const flag = flagOf(value);
  if (flag !== undefined) return flag ? 'True' : 'False';
  const text = numberText(String(value)) ?? plainText(value, path, yaml) ?? String(value);
  return typeof value === 'number' || FLOAT.test(text) || text !== value ? text : pythonText(text);
}

/** A date, or a date with a time, as Python makes one of plain text. */
function timeLiteral(text: string): string | undefined {
  if (DATE.test(text)) return `__import__("datetime").date.fromisoformat("${text}")`;
  const found = MOMENT.exec(text);
  if (found === null) return undefined;
  const [
    ,
    year,
    month = '',
    day = '',
    hour = '',
    minute,
    second,
    fraction = '',
    utc,
    zone,
    zoneMinutes = '00',
  ] = found;
  const two = (part: string): string => part.padStart(2, '0');
  const parts = fraction === '' ? '' : `.${fraction.slice(0, 6).padEnd(6, '0')}`;
  const offset = zone === undefined ? '' : `${zone.charAt(0)}${two(zone.slice(1))}:${zoneMinutes}`;
  const written = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${parts}`;
  return `__import__("datetime").datetime.fromisoformat("${written}${utc === undefined ? offset : '+00:00'}")`;
}

/** The text of a plain number that only Python's YAML takes for one. */
function numberText(text: string): string | undefined {
  if (GROUPED.test(text)) return text.replaceAll('_', '');
  if (!SIXTIES.test(text)) return undefined;
  const total = text
    .replace(/^[-+]/, '')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  return `${text.startsWith('-') ? '-' : ''}${total}`;
}

/** JSON's escapes are Python's too. */
export const pythonText = (text: string): string => JSON.stringify(text);
