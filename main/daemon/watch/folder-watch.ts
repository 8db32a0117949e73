import { existsSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import picomatch from 'picomatch';
import type { WatchTrigger } from '../config/configuration.ts';
import { type FileWatch, watchFile } from '../config/file-watch.ts';
import { Settling } from './settling.ts';

export interface FolderWatchOptions {
  readonly trigger: WatchTrigger;
  /** Files (absolute paths, sorted) that were added or changed, and are whole. */
  readonly onFiles: (files: readonly string[]) => void;
  /** A watched path is not there, or is there again; told once for each change, and for what is missing at first. */
  readonly onPresence: (path: string, isThere: boolean) => void;
  readonly warn: (message: string, cause: unknown) => void;
}

export interface WatchState {
  readonly path: string;
  readonly state: 'watched' | 'missing' | 'failed';
}

export interface FolderWatch {
  /** The watched paths, and how it is with each. With `probe`, the file system is asked anew. */
  states(probe: boolean): Promise<readonly WatchState[]>;
  close(): Promise<void>;
}

/**
 * Follows the files of a watch trigger. What is there at first is not reported; all that comes later is, also in a
 * folder that appears later, or comes back after it had disappeared.
 */
export function watchFolders(options: FolderWatchOptions): FolderWatch {
  const settling = new Settling(options.trigger.settle, options.onFiles);
  const roots = options.trigger.paths.map((path) => new WatchedRoot(path, options, settling));
  return {
    states: (probe) => Promise.all(roots.map((root) => root.state(probe))),
    async close() {
      settling.clear();
      await Promise.all(roots.map((root) => root.close()));
    },
  };
}

/** How long a look at a path may take, in milliseconds. */
const PROBE_MS = 2_000;

/** One watched path, through its appearances and disappearances. */
class WatchedRoot {
  readonly path: string;
  readonly #options: FolderWatchOptions;
  readonly #settling: Settling;
  readonly #presence: FileWatch;
  #watcher: FSWatcher | undefined;
  #hasFailed = false;
  #probing: Promise<void> | undefined;
  #isClosed = false;

  constructor(path: string, options: FolderWatchOptions, settling: Settling) {
    this.path = path;
    this.#options = options;
    this.#settling = settling;
    this.#presence = watchFile({ file: path, onChange: () => this.#look(), warn: options.warn });
    this.#presence.refresh();
    if (existsSync(path)) this.#follow(true);
    else options.onPresence(path, false);
  }

  async state(probe: boolean): Promise<WatchState> {
    if (probe) await this.#probe();
    return { path: this.path, state: !this.isThere ? 'missing' : this.#hasFailed ? 'failed' : 'watched' };
  }

  /** A folder that was unmounted goes without an event. One look at a time: a file system may never answer. */
  async #probe(): Promise<void> {
    this.#probing ??= access(this.path)
      .then(
        () => true,
        () => false,
      )
      .then((isThere) => {
        if (isThere !== this.isThere && !this.#isClosed) this.#look();
      })
      .finally(() => {
        this.#probing = undefined;
      });
    await Promise.race([this.#probing, sleep(PROBE_MS, undefined, { ref: false })]);
  }

  get isThere(): boolean {
    return this.#watcher !== undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#presence.close();
    await this.#watcher?.close();
  }

  #look(): void {
    this.#presence.refresh();
    const isThere = existsSync(this.path);
    if (isThere === this.isThere) return;
    if (isThere) {
      this.#follow(false);
    } else {
      void this.#watcher?.close();
      this.#watcher = undefined;
    }
    this.#options.onPresence(this.path, isThere);
  }

  #follow(ignoreInitial: boolean): void {
    const { trigger, warn } = this.#options;
    const isWanted = matcher(this.path, trigger);
    this.#hasFailed = false;
    const ignored = picomatch([...trigger.ignore], { dot: true });
    this.#watcher = watch(this.path, {
      ignoreInitial,
      persistent: true,
      ignored: (path) => path !== this.path && ignored(relativePath(this.path, path)),
    });
    for (const event of ['add', 'change'] as const)
      this.#watcher.on(event, (path) => {
        if (isWanted(path)) this.#settling.changed(path);
      });
    this.#watcher.on('unlinkDir', (path) => {
      if (path === this.path) this.#look();
    });
    this.#watcher.on('error', (error) => {
      this.#hasFailed = true;
      warn(`Watching ${this.path} met an error; some files may be missed.`, error);
    });
  }
}

const relativePath = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/** Whether a file below the root (or the root itself, if it is a file) is one of those that the trigger names. */
function matcher(root: string, { patterns }: WatchTrigger): (path: string) => boolean {
  if (patterns.length === 0 || !statSync(root).isDirectory()) return () => true;
  // A pattern without a slash means the name, wherever below the root the file lies.
  const matches = patterns.map((pattern) => {
    const test = picomatch(pattern, { dot: true });
    return pattern.includes('/') ? test : (path: string) => test(basename(path));
  });
  return (path) => matches.some((test) => test(relativePath(root, path)));
}
