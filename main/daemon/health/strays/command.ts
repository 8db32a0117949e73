import { modeOf } from '../../executable.ts';

/** What a command line says of a daemon process of Soloist. */
export interface DaemonCommand {
  /** `app`: the menu-bar app's main process, which need not have a daemon. */
  readonly form: 'headless' | 'foreground' | 'app';
  /** What is run: a script, the folder of the app, or the packaged executable; as it was written. */
  readonly program: string;
  /** From `--home`, as it was written; undefined where the environment decides. */
  readonly home: string | undefined;
}

/** Of these options of Node the next word is a value, not the script. */
const NODE_OPTIONS_WITH_VALUE = new Set(['-r', '--require', '--import', '--loader', '-C', '--conditions']);

/** The global options of the command line that take a value. */
const OPTIONS_WITH_VALUE = new Set(['--home', '--config']);

/** Reads the words of a command line; undefined unless it is that of a process which is, or has, a daemon. */
export function readDaemonCommand(words: readonly string[]): DaemonCommand | undefined {
  const [executable = '', ...rest] = words;
  const name = baseName(executable).replace(/\.exe$/i, '');
  // Chromium's helpers carry the options of the process that started them.
  if (rest.some((word) => word.startsWith('--type='))) return undefined;
  // The packaged app takes no words of its own; a command line may have its name.
  if (/^soloist(-app)?$/i.test(name))
    return commandOf(rest) === undefined || modeOf(rest).kind !== 'app'
      ? executableCommand(executable, rest)
      : foreground(executable, rest);
  if (!/^(node|electron)/i.test(name)) return undefined;

  const at = scriptIndex(rest);
  const script = rest[at];
  if (script === undefined) return undefined;
  const own = rest.slice(at + 1);
  const scriptName = baseName(script);
  const home = optionOf(own, '--home');
  if (/^headless\.(cjs|ts)$/.test(scriptName))
    return home === undefined ? undefined : { form: 'headless', program: script, home };
  if (/^cli\.(cjs|ts)$/.test(scriptName)) return foreground(script, own);
  // To Electron, a folder of that name is the app.
  if (/^electron$/i.test(name)) return executableCommand(script, own);
  return scriptName === 'soloist' ? foreground(script, own) : undefined;
}

/** The app's executable, which may have been told that it is something else this time. */
function executableCommand(program: string, words: readonly string[]): DaemonCommand | undefined {
  const mode = modeOf(words);
  if (mode.kind === 'cli') return foreground(program, mode.words);
  if (mode.kind === 'daemon') {
    const home = optionOf(mode.words, '--home');
    return home === undefined ? undefined : { form: 'headless', program, home };
  }
  return app(program, words);
}

function foreground(program: string, words: readonly string[]): DaemonCommand | undefined {
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  if (commandOf(own) !== 'up' || !own.includes('--foreground')) return undefined;
  return { form: 'foreground', program, home: optionOf(own, '--home') };
}

const app = (program: string, words: readonly string[]): DaemonCommand => ({
  form: 'app',
  program,
  home: optionOf(words, '--home'),
});

function scriptIndex(words: readonly string[]): number {
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) if (NODE_OPTIONS_WITH_VALUE.has(words[at] ?? '')) at += 1;
  return at;
}

/** The first word that is no option and no option's value. */
function commandOf(words: readonly string[]): string | undefined {
  return words.find((word, at) => !word.startsWith('-') && !OPTIONS_WITH_VALUE.has(words[at - 1] ?? ''));
}

/** The last one counts, as for those who parse it. */
function optionOf(words: readonly string[], option: string): string | undefined {
  const values = words.flatMap((word, at) => {
    if (word.startsWith(`${option}=`)) return word.slice(option.length + 1);
    return word === option ? (words[at + 1] ?? []) : [];
  });
  return values.at(-1);
}

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** The words of `/proc/PID/cmdline`, or the `NAME=value` of `/proc/PID/environ`: each ended by a NUL. */
export function splitAtNul(text: string): readonly string[] {
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
}

/** The variables among `NAME=value` texts. */
export function readEnvironment(texts: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    texts.flatMap((text) => {
      const at = text.indexOf('=');
      return at > 0 ? [[text.slice(0, at), text.slice(at + 1)]] : [];
    }),
  );
}

/**
 * Takes apart a line of `ps -A -ww -E` of macOS: words joined by spaces, then the environment likewise. What is inside
 * of a word is told from what is between two by what follows: a path, an option, the command `up`, or a variable.
 */
export function splitMacCommand(line: string): {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
} {
  const [command = '', ...variables] = line.split(/ (?=[A-Za-z_]\w*=)/);
  const words = command.split(/ +(?=--|\/)| +(?=up(?: |$))/).flatMap((piece, at) => {
    const [, executable, script] = (at === 0 && /^(.*\/(?:node|electron)\S*) (.+)$/i.exec(piece)) || [];
    if (executable !== undefined && script !== undefined) return [executable, script];
    const [, option, value] = /^(--[\w-]+) (.+)$/.exec(piece) ?? [];
    if (option !== undefined && value !== undefined) return [option, value];
    // `node cli.cjs`, `soloist status`: no path that may hold spaces.
    return piece.startsWith('/') || piece.startsWith('--') ? [piece] : piece.split(' ');
  });
  return { words, environment: readEnvironment(variables) };
}

/** The words of a Windows command line, of which those with spaces are quoted. */
export function splitWindowsCommand(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
