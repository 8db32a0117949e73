/** What a text of supervisord came to, or why it would refuse it (a phrase). */
export type Understood<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

/** What `%(name)s` stands for. */
export type Expansions = Readonly<Record<string, string | number>>;

export interface Expanded {
  readonly text: string;
  /** The names that stand for nothing, and were left as they are. */
  readonly unknown: readonly string[];
}

/** Expands `%(name)s`, `%(name)02d` and `%%` as Python does. */
export function expand(text: string, expansions: Expansions): Understood<Expanded> {
  const unknown: string[] = [];
  let wrong: string | undefined;
  const expanded = text.replace(
    /%(?:%|\(([^)]*)\)([-0 +#]*)(\d*)(?:\.\d+)?([sdirx])|[\s\S]{0,12}|$)/g,
    (whole, name, flags, width, kind) => {
      if (whole === '%%') return '%';
      if (name === undefined) {
        wrong ??= `"${whole}" is no expansion; a percent sign is written %%`;
        return whole;
      }
      const value = Object.hasOwn(expansions, name) ? expansions[name] : undefined;
      if (value === undefined) {
        unknown.push(name);
        return whole;
      }
      if (kind !== 's' && kind !== 'r' && typeof value !== 'number') {
        wrong ??= `"${whole}" wants a number`;
        return whole;
      }
      return padded(kind === 'x' ? Number(value).toString(16) : String(value), flags, Number(width));
    },
  );
  return wrong === undefined ? { ok: true, value: { text: expanded, unknown } } : refused(wrong);
}

const WIDEST = 100;

function padded(text: string, flags: string, width: number): string {
  const wide = Math.min(width, WIDEST);
  if (flags.includes('-')) return text.padEnd(wide);
  return text.padStart(wide, flags.includes('0') ? '0' : ' ');
}

/** Splits a command into words by the rules of a POSIX shell, without expanding anything: as Python's shlex.split. */
export function splitCommand(text: string): Understood<readonly string[]> {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return refused('a quote is not closed');
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(text.slice(at));
      if (quoted === null) return refused('a quote is not closed');
      // Within quotes a backslash stays, except before another one and before the quote.
      word = (word ?? '') + (quoted[1] ?? '').replace(/\\(["\\])/g, '$1');
      at += quoted[0].length - 1;
    } else if (character === '\\') {
      if (at + 1 >= text.length) return refused('it ends with a backslash');
      word = (word ?? '') + text.charAt(at + 1);
      at += 1;
    } else word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words.length === 0 ? refused('it is empty') : { ok: true, value: words };
}

/**
 * Reads `KEY="val",KEY2='val 2',KEY3=val`. A value without quotes is one word of letters, digits and `_ / . + - ( ) :`, quotes
 * know no escapes, and `#` begins a comment, as in Python's old shlex, by which supervisord reads it.
 */
export function environmentOf(text: string): Understood<Readonly<Record<string, string>>> {
  const tokens = (text.match(/#[^\n]*|"[^"]*"|'[^']*'|[\w/.+\-():][\w/.+\-():"']*|\S/g) ?? []).filter(
    (token) => !token.startsWith('#'),
  );
  const variables: Record<string, string> = {};
  for (let at = 0; at < tokens.length; at += 4) {
    const [name = '', sign, value] = tokens.slice(at, at + 3);
    if (sign !== '=' || value === undefined) {
      const reason = `"${tokens.slice(at, at + 3).join('')}" is not KEY="value"`;
      return refused(`${reason}; values with other signs than letters, digits and _/.+-(): are in quotes`);
    }
    if (/^["']$/.test(value)) return refused('a quote is not closed');
    variables[name] = value.replace(/^["']+|["']+$/g, '');
  }
  return { ok: true, value: variables };
}

/** What supervisord takes for true and for false; undefined for anything else. */
export function flagOf(text: string): boolean | undefined {
  if (/^(?:yes|true|on|1)$/i.test(text)) return true;
  return /^(?:no|false|off|0)$/i.test(text) ? false : undefined;
}
