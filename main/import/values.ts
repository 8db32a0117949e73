/* Values of files of other programs, whatever they are. */

/** Whether a value is a mapping of keys to values. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a word of a command looks like a path in the working folder: `./run.sh`, `bin/web` or `app.py`. */
export const isRelativePath = (word: string): boolean =>
  /^(?:\.{0,2}[\w-]*\/[\w.][^:]*|[\w-]+\.(?:py|js|sh|rb|php|pl|jar))$/.test(word) && !/^[-/~]/.test(word);

const LONGEST_SHOWN = 80;

/** A value as a remark shows it: on one line, and not too long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_SHOWN ? line : `${line.slice(0, LONGEST_SHOWN)}…`;
}

export interface SortedVariables {
  readonly env: Record<string, string>;
  /** Names that were given and cannot be taken over. */
  readonly refused: readonly string[];
}

/** The variables that our configuration takes, and the names of those that it does not. */
export function sortedVariables(variables: Readonly<Record<string, unknown>>): SortedVariables {
  const env: Record<string, string> = {};
  const refused: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (/^(?!SOLOIST_|__proto__$|<<$)[^=\0]+$/.test(name) && !text.includes('\0')) env[name] = text;
    else refused.push(name);
  }
  return { env, refused };
}

export const REFUSED_VARIABLE =
  'Soloist takes no variable of this name or value: names have no "=" and do not begin with SOLOIST_, which it gives itself.';
