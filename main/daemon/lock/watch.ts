import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** What no event tells (a network file system, an unmounted disk, a renamed parent folder) is seen this late. */
const CHECK_EVERY_MS = 60_000;

export interface WatchOptions {
  readonly home: string;
  /** Paths of the files that matter, in the home or elsewhere. */
  readonly names: readonly string[];
  readonly check: () => void;
  readonly warn: (message: string, cause: unknown) => void;
}

/**
 * Calls `check` as soon as one of the files, or the home itself, is deleted, moved or replaced, once a minute, and
 * at first, since nothing told of what happened before the watch. Events of other files in these folders cost a comparison of names. Returns how to stop it.
 */
export function watchHeldFiles({ home, names, check, warn }: WatchOptions): () => void {
  const relevant = new Set([home, ...names].map((path) => basename(path)));
  const folders = new Set([home, ...names.map((path) => dirname(path))]);
  let pending: NodeJS.Immediate | undefined;

  const onEvent = (name: string | null): void => {
    if (name !== null && !relevant.has(name)) return;
    pending ??= setImmediate(() => {
      pending = undefined;
      checkSafely();
    });
  };
  const checkSafely = (): void => {
    try {
      check();
    } catch (error) {
      // Unreadable for a moment is not gone; the next check tells.
      warn(`The lock in ${home} could not be checked; it is tried again.`, error);
    }
  };

  const watchers = [...folders].flatMap((folder): FSWatcher[] => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => onEvent(name));
      watcher.on('error', (error) => {
        warn(`Watching ${folder} ended; the lock is checked once a minute from now on.`, error);
        checkSafely();
      });
      return [watcher];
    } catch (error) {
      warn(`${folder} cannot be watched; the lock is checked once a minute instead.`, error);
      return [];
    }
  });
  onEvent(null);
  const timer = setInterval(checkSafely, CHECK_EVERY_MS);
  timer.unref();

  return () => {
    clearImmediate(pending);
    clearInterval(timer);
    for (const watcher of watchers) watcher.close();
  };
}
