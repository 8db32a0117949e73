import { realpathSync, statfsSync } from 'node:fs';
import { release, type } from 'node:os';
import { dirname } from 'node:path';
import type { LoginEnvironment } from '../../config/login-environment.ts';
import { errorDetails, SoloistError } from '../../errors.ts';
import { findHome } from '../../home.ts';
import { currentHost } from '../../lock/host.ts';
import { lockPaths } from '../../lock/paths.ts';
import { identifySelf, type ProcessIdentity } from '../../process/identity.ts';
import type { StrayView } from '../report.ts';
import { entriesOf, entryAt, stagedAmong, unwritableAmong } from './entries.ts';
import { lookAtConfiguration } from './look-configuration.ts';
import { foldersOf, lookAtEnvironment } from './look-environment.ts';
import { lookAtHistory } from './look-history.ts';
import { lookAtHostLock, lookAtLock, lookAtPid, lookAtRecord, lookAtSocket } from './look-lock.ts';
import { lookAtLog } from './look-log.ts';
import { lookForOrphans } from './look-orphans.ts';
import { presences } from './presence.ts';
import {
  type Answer,
  type ConfigurationScene,
  type HomeScene,
  type InsideScene,
  isHeld,
  type LoginItemScene,
  type Presence,
  type ProgramScene,
  type Scene,
  type SpaceScene,
} from './scene.ts';

export interface LookOptions {
  /** Absolute; it need not exist. */
  readonly home: string;
  /** The configuration file, absolute; it need not exist. */
  readonly configuration: string;
  readonly version: string;
  /** Where the daemon of a home (its real path) answers if no record says otherwise. */
  readonly socketPath: (home: string) => string;
  /** Asks the daemon of a home (its real path), which takes a few seconds at most. */
  readonly ask: (home: string) => Promise<Answer>;
  /** Other daemons than this one, as seen from a home (its real path). */
  readonly findStrays: (home: string, self: ProcessIdentity) => Promise<readonly StrayView[]>;
  readonly loginItem: () => LoginItemScene;
  readonly readLogin: () => Promise<LoginEnvironment>;
}

/** One look at everything. Changes nothing, starts nothing, and takes some seconds at most whatever hangs. */
export async function lookAround(options: LookOptions): Promise<Scene> {
  const { home: path, configuration: file } = options;
  const nowMs = Date.now();
  const login = options.readLogin();
  const first = await presences([path, file, dirname(file)]);
  const configuration = lookAtConfiguration(
    file,
    first.get(dirname(file)) === 'hangs' ? 'hangs' : first.get(file),
  );
  const folders = configuration.kind === 'usable' ? foldersOf(configuration.configuration) : [];
  const home = lookAtHome(path, first.get(path));
  const [inside, presence] = await Promise.all([
    home.kind === 'folder' ? lookInside(options, configuration, nowMs) : undefined,
    presences(folders.map((folder) => folder.path)),
  ]);
  return {
    atMs: nowMs,
    program: programScene(options.version),
    path,
    home,
    inside,
    configuration,
    environment: lookAtEnvironment(
      configuration.kind === 'usable' ? configuration.configuration : undefined,
      await login,
      presence,
    ),
    loginItem: options.loginItem(),
    strays: home.kind === 'folder' ? await lookForStrays(options, home.entry.path, inside) : [],
  };
}

function lookAtHome(path: string, presence: Presence | undefined): HomeScene {
  if (presence === 'hangs' || presence === 'not-asked') return { kind: 'hangs' };
  try {
    const found = findHome(path);
    if (found === undefined) return { kind: 'missing' };
    const entry = entryAt(found);
    if (entry === undefined) return { kind: 'missing' };
    return { kind: 'folder', entry, isLink: entryAt(path)?.kind === 'link' };
  } catch (error) {
    if (!(error instanceof SoloistError)) throw error;
    const { message, hint = 'Choose another folder with --home.' } = errorDetails(error);
    return { kind: 'unusable', message, hint };
  }
}

async function lookInside(
  options: LookOptions,
  configuration: ConfigurationScene,
  nowMs: number,
): Promise<InsideScene> {
  const home = realpathSync(options.home);
  const hostId = currentHost().id;
  const paths = lockPaths(home, 'daemon', hostId);
  const record = await lookAtRecord(paths);
  const current = record.owner?.endedAt === null ? record.owner : undefined;
  const [lock, socket, answer] = await Promise.all([
    lookAtLock(home),
    lookAtSocket(current?.socket ?? options.socketPath(home)),
    // A pipe in the record's place would hold up whoever reads it.
    record.entry?.kind === 'other' ? ({ kind: 'absent' } as const) : options.ask(home),
  ]);
  const entries = entriesOf(home);
  const seen = { lock, record, socket, answer };
  const held = isHeld(seen);
  const history = lookAtHistory(home, held, entries);
  return {
    ...seen,
    pid: lookAtPid(paths),
    hostLock: await lookAtHostLock(paths),
    entries,
    staged: held ? [] : stagedAmong(entries, paths, hostId),
    unwritable: unwritableAmong([...[entryAt(home) ?? []].flat(), ...entries]),
    space: lookAtSpace(home),
    history: history.scene,
    orphans: held ? [] : await lookForOrphans(home, history, configuration),
    log: lookAtLog(home, nowMs),
  };
}

/** The owner of a home is no stray, and neither is this process. */
async function lookForStrays(
  { findStrays }: LookOptions,
  home: string,
  inside: InsideScene | undefined,
): Promise<readonly StrayView[]> {
  const owner = inside?.record.isAlive ? inside.record.owner : undefined;
  return findStrays(home, owner?.endedAt === null ? owner : await identifySelf());
}

function lookAtSpace(home: string): SpaceScene | undefined {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(home);
    return { freeBytes: bavail * bsize, freeFiles: files > 0 ? ffree : undefined };
  } catch {
    // Some file systems do not tell; that says nothing about them.
    return undefined;
  }
}

function programScene(version: string): ProgramScene {
  return {
    version,
    node: process.versions.node,
    electron: process.versions.electron,
    platform: process.platform,
    system: `${type()} ${release()}`,
    user: process.geteuid?.(),
    hostId: currentHost().id,
  };
}
