// `npm start`: the menu-bar app; or the daemon in this terminal, where there can be no app.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findElectron } from './electron.ts';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
/** What a shell or the dynamic loader ends with if a program's libraries are missing. */
const CANNOT_BE_LOADED = 127;

const say = (line: string): void => console.error(line);

async function main(): Promise<number> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return headless('There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).');
  const electron = await findElectron({ environment: process.env, fetch: true, say });
  if (electron.kind === 'none') return headless(electron.reason);
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const unboxed = whySandboxCannotBe(electron.file);
  if (unboxed !== undefined) say(`Chromium's sandbox is off (--no-sandbox): ${unboxed}.`);
  const switches = unboxed === undefined ? [] : ['--no-sandbox'];
  const exitCode = await runToEnd(electron.file, [root, ...switches, ...words], environment);
  return exitCode === CANNOT_BE_LOADED ? headless('Electron cannot be loaded, as said above.') : exitCode;
}

function headless(reason: string): Promise<number> {
  say(`${reason} So there is no menu-bar app; the daemon runs in this terminal, until Ctrl-C.`);
  return runToEnd(process.execPath, [join(root, 'out/cli.cjs'), 'up', '--foreground', ...words], process.env);
}

/** Why Chromium cannot have its sandbox here, or undefined if it can. */
function whySandboxCannotBe(electron: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (process.getuid?.() === 0) return 'it does not work for root';
  const helper = statSync(join(dirname(electron), 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return undefined;
  // https://chromium.googlesource.com/chromium/src/+/main/docs/security/apparmor-userns-restrictions.md
  const restriction = 'kernel.apparmor_restrict_unprivileged_userns';
  return sysctl(restriction) === '1'
    ? `this system forbids it to programs in a home folder (${restriction})`
    : undefined;
}

function sysctl(name: string): string | undefined {
  try {
    return readFileSync(join('/proc/sys', ...name.split('.')), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Runs a program in this terminal. Resolves to its exit code, as a shell would tell it. */
function runToEnd(file: string, words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, words, { stdio: 'inherit', env: environment });
    passSignals(child);
    child.once('error', (error) => {
      say(error.message);
      resolve(CANNOT_BE_LOADED);
    });
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/**
 * A Ctrl-C comes to the child from the terminal already, and here once more from npm; the daemon takes a second one for
 * impatience. So only what no terminal sends is passed on.
 */
function passSignals(child: ChildProcess): void {
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => {});
}

process.exitCode = await main();
