import { type FSWatcher, lstatSync, readlinkSync, statSync, watch } from 'node:fs';
import { basename, join, parse, resolve, sep } from 'node:path';
import { systemErrorCode } from '../errors.ts';

/** A folder to watch, and the names in it that matter. */
export interface WatchedFolder {
  readonly path: string;
  readonly names: ReadonlySet<string>;
}

/** A path through more links than this is a circle of them; systems give up at 40 too. */
const MOST_LINKS = 40;

/**
 * The folders that have to be watched to notice every change of what stands at `file` (absolute): its own folder, the
 * folder of each link on the way to it, and, where a folder on the way is missing, the one in which it would appear.
 */
export function foldersToWatch(file: string): WatchedFolder[] {
  const folders = new Map<string, Set<string>>();
  const add = (folder: string, name: string): void => {
    const names = folders.get(folder) ?? new Set();
    folders.set(folder, names.add(name));
  };
  let folder = parse(file).root;
  let steps = stepsBelowRoot(file);
  let links = 0;
  for (let name = steps.shift(); name !== undefined; name = steps.shift()) {
    const entry = join(folder, name);
    const target = linkTarget(entry);
    if (target === undefined || steps.length === 0) add(folder, name);
    if (target === undefined) break;
    if (target === '') {
      folder = entry;
      continue;
    }
    add(folder, name);
    links += 1;
    if (links > MOST_LINKS) break;
    const destination = resolve(folder, target);
    steps = [...stepsBelowRoot(destination), ...steps];
    folder = parse(destination).root;
  }
  return [...folders].map(([path, names]) => ({ path, names }));
}

function stepsBelowRoot(path: string): string[] {
  return path.slice(parse(path).root.length).split(sep).filter(Boolean);
}

/** Where a link leads; empty if it is no link; undefined if nothing can be seen there. */
function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : '';
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** What no event tells (a network file system, a renamed folder further up) is seen this late. */
const CHECK_EVERY_MS = 60_000;

export interface FileWatchOptions {
  /** Absolute. */
  readonly file: string;
  /** Something may have changed. Called at once, for each event, and once a minute. */
  readonly onChange: () => void;
  readonly warn: (message: string, cause: unknown) => void;
}

export interface FileWatch {
  /** Watches what has to be watched by now; to be called after each change, before the file is read. */
  refresh(): void;
  close(): void;
}

interface ActiveWatch extends WatchedFolder {
  readonly watcher: FSWatcher;
  /** Which folder it is, by device and number: a new one may stand at the same path. */
  readonly identity: string;
}

/**
 * Watches a file by its folder, so that saving by rename, deleting, and links that point elsewhere are noticed too. Keeps no
 * process alive.
 */
export function watchFile({ file, onChange, warn }: FileWatchOptions): FileWatch {
  let active: ActiveWatch[] = [];
  let refused = new Set<string>();
  const timer = setInterval(onChange, CHECK_EVERY_MS);
  timer.unref();

  function start({ path, names }: WatchedFolder): ActiveWatch | undefined {
    const identity = identityOf(path);
    if (identity === undefined) return undefined;
    try {
      const watcher = watch(path, { persistent: false }, (_, name) => {
        // The folder's own name: it was moved or deleted itself. What stands in its place may have the same number.
        if (name === basename(path)) stop(path);
        else if (name !== null && !names.has(name)) return;
        onChange();
      });
      watcher.on('error', (error) => {
        // Windows says so when the folder is deleted.
        if (systemErrorCode(error) !== 'EPERM') warn(`Watching ${path} ended.`, error);
        stop(path);
        onChange();
      });
      return { path, names, watcher, identity };
    } catch (error) {
      if (!refused.has(path)) {
        warn(`${path} cannot be watched; changes of ${file} are seen once a minute instead.`, error);
      }
      refused.add(path);
      return undefined;
    }
  }

  function stop(path: string): void {
    for (const one of active) if (one.path === path) one.watcher.close();
    active = active.filter((one) => one.path !== path);
  }

  function refreshOnce(): boolean {
    const wanted = foldersToWatch(file);
    const isWanted = (one: ActiveWatch): boolean =>
      wanted.some(({ path, names }) => path === one.path && sameNames(names, one.names)) &&
      identityOf(one.path) === one.identity;
    for (const one of active) if (!isWanted(one)) stop(one.path);
    const missing = wanted.filter(({ path }) => !active.some((one) => one.path === path));
    const started = missing.flatMap((folder) => start(folder) ?? []);
    active.push(...started);
    return started.length > 0;
  }

  return {
    refresh() {
      // What appeared while a watch was being started was not seen by it, so look again; a folder that comes and goes
      // all the time is left to its events.
      for (let round = 0; round < 5 && refreshOnce(); round += 1);
    },
    close() {
      clearInterval(timer);
      for (const { watcher } of active) watcher.close();
      active = [];
      refused = new Set();
    },
  };
}

function sameNames(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((name) => other.has(name));
}

function identityOf(folder: string): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false, bigint: true });
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}` : undefined;
}
