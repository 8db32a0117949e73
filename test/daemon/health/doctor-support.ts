import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DoctorData } from '../../../main/cli/doctor.ts';
import { eventually, isRunning, killOwner, ownerOf, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A home with a configuration and a history, of which no daemon is left. */
export const CONFIGURATION = 'jobs:\n  hello: { run: "true", every: 1h, cwd: / }\n';

/** What the command line gets, so that nothing of whoever runs the tests shows. */
export const surroundings = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  XDG_CONFIG_HOME: '/nonexistent',
  SHELL: '/bin/sh',
  ...more,
});

/** A home that was used and is in order. */
export async function soundHome(): Promise<string> {
  const home = join(temporaryFolder(), 'home');
  mkdirSync(home, { mode: 0o700 });
  configure(home, CONFIGURATION);
  await must(home, ['up']);
  await must(home, ['down']);
  return home;
}

export const configure = (home: string, text: string): void =>
  writeFileSync(join(home, 'soloist.yaml'), text, { mode: 0o600 });

/** Runs a command that has to succeed. */
export async function must(
  home: string,
  words: readonly string[],
  environment = surroundings(),
): Promise<void> {
  const { exitCode, stderr } = await soloist(home, words, { environment });
  if (exitCode !== 0) throw new Error(`soloist ${words.join(' ')} failed: ${stderr}`);
}

/** Kills the daemon of a home and waits until it is gone. */
export async function crash(home: string): Promise<void> {
  const pid = ownerOf(home)?.pid ?? 0;
  killOwner(home);
  await eventually('the daemon is dead', async () => !(await isRunning(pid)));
}

export interface Seen extends DoctorData {
  readonly exitCode: number | null;
}

/** What the doctor says, as a program reads it. */
export async function doctor(
  home: string,
  words: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Seen> {
  const said = await soloist(home, ['--json', 'doctor', ...words], {
    environment: surroundings(environment),
  });
  try {
    return { ...JSON.parse(said.stdout).data, exitCode: said.exitCode };
  } catch {
    throw new Error(`the doctor said: ${said.stdout}${said.stderr}`);
  }
}

/** All that stands in a folder: for each path its kind and mode, and its bytes or where it leads. */
export function snapshot(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string, name: string): void => {
    const stats = lstatSync(path);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found.set(name, `link to ${readlinkSync(path)}`);
    else if (stats.isDirectory()) {
      found.set(name, `folder ${mode}`);
      for (const each of readdirSync(path)) visit(join(path, each), name === '' ? each : `${name}/${each}`);
    } else if (stats.isFile()) {
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      found.set(name, `file ${mode} ${stats.size} ${hash}`);
    } else found.set(name, `other ${mode}`);
  };
  if (existsSync(folder)) visit(folder, '');
  return found;
}

/** The names that differ between two snapshots. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** Whether this system lets the tests mount file systems. */
export function canMount(): boolean {
  const folder = temporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status !== 0) return false;
  unmount(folder);
  return true;
}

export function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
}

/** Mounts a file system whose server never answers; returns false where that cannot be had. */
export function mountSilent(folder: string): boolean {
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
  const script = `exec 3<>/dev/fuse || exit 1; mount -i -t fuse -o ${options} silent "$1" || exit 1; exec sleep 600`;
  // The mount lives as long as somebody has its device open.
  const child = spawnSync('/bin/sh', ['-c', `(${script}) >/dev/null 2>&1 & echo $!`, 'sh', folder], {
    encoding: 'utf8',
  });
  silent.set(folder, Number(child.stdout));
  return isMounted(folder);
}

const silent = new Map<string, number>();

function isMounted(folder: string): boolean {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (readFileSync('/proc/mounts', 'utf8').includes(` ${folder} `)) return true;
    spawnSync('sleep', ['0.02']);
  }
  return false;
}

export function unmountSilent(folder: string): void {
  spawnSync('umount', ['-l', folder]);
  const pid = silent.get(folder);
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  silent.delete(folder);
}
