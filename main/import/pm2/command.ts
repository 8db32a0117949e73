import { basename, extname, resolve } from 'node:path';
import type { Remark } from '../imported.ts';

export interface Command {
  readonly run: string | readonly string[];
  readonly shell?: string;
  readonly isPython: boolean;
}

type App = Readonly<Record<string, unknown>>;

interface CommandContext {
  /** Where it runs. */
  readonly cwd: string;
  readonly isProgram: (path: string) => boolean | undefined;
  readonly say: (key: string, kind: Remark['kind'], why: string, what?: string) => void;
}

/** What runs a script, by the ending of its name. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  '.js': 'node',
  '.cjs': 'node',
  '.mjs': 'node',
  '.sh': 'bash',
  '.py': 'python3',
  '.rb': 'ruby',
  '.php': 'php',
  '.pl': 'perl',
  '.ts': 'bun',
  '.tsx': 'bun',
  '.coffee': 'coffee',
  '.ls': 'lsc',
};

const IMPLIED: Readonly<Record<string, string>> = {
  '.py': 'pm2 runs it with python, and with python3 only where there is no python.',
  '.ts': 'pm2 runs it with bun since version 6, with ts-node before; write the one that you have.',
  '.tsx': 'pm2 runs it with bun since version 6, with ts-node before; write the one that you have.',
  '.coffee': 'pm2 brings coffee along; here it must be on the PATH.',
  '.ls': 'pm2 brings lsc along; here it must be on the PATH.',
};

/** The name that pm2 gives to an app. */
export function nameOf(app: App): string {
  if (typeof app.name === 'string' && app.name.trim() !== '') return app.name;
  if (typeof app.name === 'number') return String(app.name);
  const base = typeof app.script === 'string' ? basename(app.script) : '';
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/** What the app runs; undefined if it names no script. */
export function commandOf(app: App, context: CommandContext): Command | undefined {
  const { say } = context;
  const { script } = app;
  if (typeof script !== 'string' || script.trim() === '') return undefined;
  const words = wordsOf(app.args);
  if (script.includes(' ')) {
    if (words.length > 0)
      say('args', 'left-out', 'pm2 ignores them where "script" is a whole command with spaces.');
    return { run: script, shell: 'bash', isPython: false };
  }
  const given = typeof app.exec_interpreter === 'string' ? app.exec_interpreter.trim() : '';
  const interpreter = given === '' ? impliedInterpreter(script, context) : given;
  if (/^(?:none|binary)$/.test(interpreter)) {
    if (script === 'serve') say('script', 'changed', SERVE);
    return { run: [programPath(script), ...words], isPython: false };
  }
  const [program = '', version] = interpreter.split('@');
  if (version !== undefined) {
    const why = `pm2 takes Node ${version} from nvm; here it is the node on the PATH. Write the full path of the other one.`;
    say('exec_interpreter', 'changed', why);
  }
  const run = [program, ...wordsOf(app.node_args), script, ...words];
  return { run, isPython: program.includes('python') };
}

const SERVE =
  'pm2 has a file server of its own by this name. Here it is the program serve on the PATH, which takes its folder and port as arguments.';

function impliedInterpreter(script: string, { cwd, isProgram, say }: CommandContext): string {
  const ending = extname(script);
  const implied = INTERPRETERS[ending];
  if (implied !== undefined) {
    const why = IMPLIED[ending];
    if (why !== undefined) say('script', 'changed', why);
    return implied;
  }
  // A bare word is a command of the PATH, such as npm.
  if (ending === '' && !script.includes('/')) return 'none';
  const known = isProgram(resolve(cwd, script));
  if (known !== undefined) return known ? 'none' : 'node';
  const isScript = !script.startsWith('/');
  const taken = isScript ? 'a script, which pm2 runs with node' : 'a program, which pm2 runs as it is';
  say(
    'script',
    'changed',
    `pm2 looks into the file to know how to run it. It is taken to be ${taken}; correct "run" if not.`,
  );
  return isScript ? 'node' : 'none';
}

/** A file in the working folder has to be named as one, or it would be looked for in PATH. */
function programPath(script: string): string {
  return extname(script) !== '' && !script.includes('/') ? `./${script}` : script;
}

/** The arguments: a list, or a text that pm2 splits at spaces outside of quotes. */
function wordsOf(written: unknown): string[] {
  if (Array.isArray(written)) return written.filter((word) => word !== null).map(asText);
  if (typeof written === 'number') return [String(written)];
  return typeof written === 'string' ? splitWords(written) : [];
}

function asText(word: unknown): string {
  return typeof word === 'object' ? JSON.stringify(word) : String(word);
}

/** `name="a b"` is a word with its quotes, `"a b"` one without them; there are no other escapes. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  let from = 0;
  const addPlain = (to: number) => words.push(...text.slice(from, to).split(/\s+/).filter(Boolean));
  for (const match of text.matchAll(/[\w-]+=(?:"[^"]*"|'[^']*')|"([^"]*)"|'([^']*)'/g)) {
    addPlain(match.index);
    const word = match[1] ?? match[2] ?? match[0];
    if (word.trim() !== '') words.push(word);
    from = match.index + match[0].length;
  }
  addPlain(text.length);
  return words;
}
