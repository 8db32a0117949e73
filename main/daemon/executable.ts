/** What the app's executable was started as. */
export type Mode =
  /** The menu-bar app. */
  | { readonly kind: 'app' }
  /** The command line, with these words; or the daemon without windows, with these options. */
  | { readonly kind: 'cli' | 'daemon'; readonly words: readonly string[]; readonly isReady: boolean };

/**
 * Chromium, which otherwise wants a display and starts processes for its windows, is told that there will be no window;
 * then it works without one, for root too, since there is no page that a sandbox would have to hold.
 */
const LINUX_SWITCHES = [
  '--ozone-platform=headless',
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--in-process-gpu',
  // The thread that would draw without a graphics card is not always done loading when the process ends, which then crashes.
  '--disable-software-rasterizer',
  '--enable-features=NetworkServiceInProcess2',
];

/** The words with which the app itself runs for root on Linux, where Chromium's sandbox does not work. */
export const sandboxWords = (): string[] =>
  process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Chromium's own complaints, about a bus that is not there, say nothing to who asked for something else. */
const QUIET = '--log-level=3';

/** The words after an executable that make it the command line, or the daemon without windows. */
export function modeWords(kind: 'cli' | 'daemon', platform: NodeJS.Platform = process.platform): string[] {
  // Behind the dashes Chromium takes nothing for its own.
  return [...(platform === 'linux' ? LINUX_SWITCHES : []), QUIET, `--${kind}`, '--'];
}

/** The words before those that `modeWords` adds; undefined if a command has none of these. */
export function beforeMode(command: readonly string[], kind: 'cli' | 'daemon'): string[] | undefined {
  const added = modeWords(kind);
  const at = command.length - added.length;
  return added.every((word, index) => command[at + index] === word) ? command.slice(0, at) : undefined;
}

/** Reads the words of this process. `isReady`: it has the switches that it needs to run without windows. */
export function modeOf(argv: readonly string[], platform: NodeJS.Platform = process.platform): Mode {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const at = own.findIndex((word) => word === '--cli' || word === '--daemon');
  if (at < 0) return { kind: 'app' };
  const kind = own[at] === '--cli' ? 'cli' : 'daemon';
  const [first, ...rest] = argv.slice(at + 1);
  // A bare `--cli` is typed by somebody who has no command line yet: it is put where terminals find it.
  const bare = kind === 'cli' ? ['tool', 'install'] : [];
  return {
    kind,
    words: first === undefined ? bare : first === '--' ? rest : [first, ...rest],
    isReady: platform !== 'linux' || own.includes(LINUX_SWITCHES[0] as string),
  };
}
