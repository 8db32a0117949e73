// `npm start`: the menu-bar app; or the daemon in this terminal, where there can be no app.
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Electron, fetchElectron, findElectron, whyNoDisplay } from './electron.ts';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
/** What a shell or the dynamic loader ends with if a program's libraries are missing. */
const CANNOT_BE_LOADED = 127;
const SET_USER_ID = 0o4000;
const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;

const say = (line: string): void => console.error(line);

async function main(): Promise<number> {
  const unseen = whyNoDisplay(process.env);
  if (unseen !== undefined) return headless(unseen);
  const electron = await anyElectron();
  if (electron.kind !== 'found') return headless(electron.reason);
  const unsafe = whyNoSandbox(electron.file);
  if (unsafe !== undefined) return headless(unsafe);
  return app(electron.file);
}

async function anyElectron(): Promise<Electron> {
  const electron = findElectron(process.env);
  return electron.kind === 'unfetched' ? fetchElectron({ environment: process.env, say }) : electron;
}

async function app(electron: string): Promise<number> {
  const switches: string[] = [];
  if (isLinuxRoot) {
    say("Chromium's sandbox is off, since it does not work for root.");
    switches.push('--no-sandbox');
  }
  say('Soloist is in the menu bar. Quit it from its menu, or with Ctrl-C here.');
  // Terminals inside of other Electron apps hand on this variable, with which there would be no app.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const exitCode = await runToEnd(electron, [root, ...switches, ...words], environment);
  return exitCode === CANNOT_BE_LOADED ? headless('Electron cannot be loaded, as said above.') : exitCode;
}

function headless(reason: string): Promise<number> {
  say(`${reason} So there is no menu-bar app; the daemon runs in this terminal, until Ctrl-C.`);
  return runToEnd(process.execPath, [join(root, 'out/cli.cjs'), 'up', '--foreground', ...words], process.env);
}

/**
 * Why Chromium would refuse to run, since it may not make its sandbox; undefined if it may.
 * https://chromium.googlesource.com/chromium/src/+/main/docs/security/apparmor-userns-restrictions.md
 */
function whyNoSandbox(electron: string): string | undefined {
  const restriction = 'kernel.apparmor_restrict_unprivileged_userns';
  if (isLinuxRoot || process.platform !== 'linux' || sysctl(restriction) !== '1') return undefined;
  const helper = join(dirname(electron), 'chrome-sandbox');
  const status = statSync(helper, { throwIfNoEntry: false });
  if (status?.uid === 0 && (status.mode & SET_USER_ID) !== 0) return undefined;
  const wayOut = `sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`;
  return `This system lets Chromium make no sandbox (${restriction}); this allows it: ${wayOut}.`;
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
    // Where the child gets them from the terminal too, it takes them for one.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    // The child knows better what a closed terminal means.
    process.on('SIGHUP', () => {});
    child.once('error', (error) => {
      say(error.message);
      resolve(CANNOT_BE_LOADED);
    });
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

process.exitCode = await main();
