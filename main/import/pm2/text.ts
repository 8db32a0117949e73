import { SoloistError } from '../../daemon/errors.ts';
import { isMapping } from '../values.ts';
import { lineCounter, readYamlText } from '../yaml-text.ts';

/** An ecosystem file or a saved list that was read. */
export interface Pm2Text {
  readonly apps: readonly unknown[];
  /** Whether it is what `pm2 save` writes. */
  readonly isDump: boolean;
  /** What stands beside the apps, such as `deploy`. */
  readonly rest: readonly string[];
  /** The line of a key of the file itself. */
  readonly lineOfRest: (key: string) => number | undefined;
  /** The line of an app, or of one of its keys; undefined where it is computed. */
  readonly lineOf: (index: number, key?: string) => number | undefined;
}

/** Reads the text as pm2 does, by the name of its file. `load` gives what a JavaScript file exports. */
export function readPm2Text(text: string, file: string, load: (file: string) => unknown): Pm2Text {
  if (isJavaScript(text, file)) return fromModule(text, file, load(file));
  const isJson = /\.json$|dump\.pm2(?:\.bak)?$/.test(file) || /^\s*(?:\[|\{|\/[/*])/.test(text);
  const read = readYamlText(isJson ? plainJson(text) : text, file);
  const found = findApps(read.value, file);
  const path = (index: number) => [...found.path, ...(found.isSingle ? [] : [index])];
  return {
    ...found,
    isDump: isDump(found.apps),
    lineOfRest: (key) => read.lineOf([key]),
    lineOf: (index, key) => read.lineOf(key === undefined ? path(index) : [...path(index), key]),
  };
}

function isJavaScript(text: string, file: string): boolean {
  return /\.[cm]?js$/.test(file) || /^\s*(?:module\.exports\s*=|export\s+default\b)/m.test(text);
}

const isDump = (apps: readonly unknown[]): boolean =>
  apps.length > 0 && apps.every((app) => isMapping(app) && typeof app.pm_exec_path === 'string');

function findApps(value: unknown, file: string) {
  const key = isMapping(value) ? ['apps', 'pm2'].find((name) => value[name] !== undefined) : undefined;
  const found = isMapping(value) && key !== undefined ? value[key] : value;
  const apps: readonly unknown[] = Array.isArray(found) ? found : [found];
  const isApp = (app: unknown): boolean =>
    isMapping(app) && ['script', 'exec', 'cmd', 'command', 'pm_exec_path'].some((name) => name in app);
  if (key === undefined && !apps.some(isApp)) {
    throw new SoloistError({
      code: 'import-nothing',
      message: `${file} has no apps of pm2.`,
      hint: 'It takes an ecosystem file with "apps", a process.json, or the dump.pm2 that `pm2 save` writes.',
    });
  }
  const rest = isMapping(value) && key !== undefined ? Object.keys(value).filter((name) => name !== key) : [];
  return { apps, rest, path: key === undefined ? [] : [key], isSingle: !Array.isArray(found) };
}

/**
 * pm2 evaluates JSON as an expression, so that comments and tabs are fine in it. Both become spaces here, with every line and
 * column where it was.
 */
function plainJson(text: string): string {
  const parts = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\t/g;
  return text.replace(parts, (part) => (/^["']/.test(part) ? part : part.replace(/[^\n]/g, ' ')));
}

function fromModule(text: string, file: string, exported: unknown): Pm2Text {
  const found = findApps(plainValue(exported, file), file);
  const line = lineCounter(text);
  const objects = found.apps.map((app) => objectOf(app, text));
  const keysIn = (key: string, start: number, end: number): number[] => {
    const written = new RegExp(`(?:^|[{,\\s])(["']?)${key.replace(/\W/g, '\\$&')}\\1\\s*[:,(}]`, 'g');
    const found = text.slice(start, end).matchAll(written);
    return [...found].map((at) => line(start + at.index + at[0].search(/["'\w]/)));
  };
  return {
    ...found,
    isDump: isDump(found.apps),
    lineOfRest: (key) => keysIn(key, 0, text.length)[0],
    lineOf: (index, key) => {
      const object = objects[index];
      if (object !== undefined)
        return (key === undefined ? [] : keysIn(key, ...object))[0] ?? line(object[0]);
      // Of a computed app, a key that the whole file has once is the one.
      const [only, ...more] = key === undefined ? [] : keysIn(key, 0, text.length);
      return more.length === 0 ? only : undefined;
    },
  };
}

/** The value as JSON knows it; what is undefined there is null here. */
function plainValue(exported: unknown, file: string): unknown {
  try {
    return JSON.parse(JSON.stringify(exported, (_, value) => (value === undefined ? null : value)) ?? 'null');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SoloistError(
      { code: 'import-unreadable', message: `What ${file} exports cannot be read: ${reason}` },
      { cause: error },
    );
  }
}

/** Where the braces around the app's name stand: the object that it is written in, if it is written at all. */
function objectOf(app: unknown, text: string): readonly [number, number] | undefined {
  const name = isMapping(app) ? (app.name ?? app.script) : undefined;
  if (typeof name !== 'string' || name === '') return undefined;
  const quoted = name.replace(/[^\w\s]/g, '\\$&');
  const at = new RegExp(`\\b(?:name|script)["']?\\s*:\\s*(["'\`])${quoted}\\1`).exec(text)?.index;
  return at === undefined ? undefined : bracesAround(text, at);
}

/** The innermost braces around a position, those in strings and comments not counted. */
function bracesAround(text: string, position: number): readonly [number, number] | undefined {
  const open: number[] = [];
  const tokens =
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}]/g;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '{') open.push(index);
    if (token !== '}') continue;
    const start = open.pop();
    if (start !== undefined && start < position && index > position) return [start, index];
  }
  return undefined;
}
