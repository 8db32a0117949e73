import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { TriggeredJob, WatchTrigger } from '../config/configuration.ts';
import type { WatchedPath } from '../health/facts.ts';
import type { FolderWatch } from '../watch/folder-watch.ts';

interface Followed {
  readonly triggers: readonly WatchTrigger[];
  /** Loaded with the first job that needs it. */
  readonly watches: Promise<readonly FolderWatch[]>;
}

/** The file triggers of all jobs: tells which job is due, and which files made it so. */
export class FileTriggers {
  readonly #logger: Logger;
  readonly #onFiles: (job: string, files: readonly string[]) => void;
  readonly #onPresence: (job: string, path: string, isThere: boolean) => void;
  readonly #followed = new Map<string, Followed>();

  constructor(
    logger: Logger,
    onFiles: (job: string, files: readonly string[]) => void,
    onPresence: (job: string, path: string, isThere: boolean) => void,
  ) {
    this.#logger = logger;
    this.#onFiles = onFiles;
    this.#onPresence = onPresence;
  }

  /** Adds a job, or puts its file triggers in place of those it had; the same ones are not touched. */
  set(job: TriggeredJob): void {
    const triggers = job.triggers.filter((trigger): trigger is WatchTrigger => trigger.kind === 'watch');
    if (isDeepStrictEqual(this.#followed.get(job.name)?.triggers ?? [], triggers)) return;
    this.remove(job.name);
    if (triggers.length === 0) return;
    const watches = this.#follow(job.name, triggers);
    watches.catch((error) =>
      this.#logger.error({ err: error, job: job.name }, 'the files of a job cannot be watched'),
    );
    this.#followed.set(job.name, { triggers, watches });
  }

  remove(job: string): void {
    const followed = this.#followed.get(job);
    this.#followed.delete(job);
    if (followed !== undefined) void this.#close(followed);
  }

  /** All watched paths, and how it is with each; see `FolderWatch.states`. */
  async watched(probe: boolean): Promise<readonly WatchedPath[]> {
    const all = [...this.#followed].map(async ([job, { triggers, watches }]) => {
      try {
        const states = await Promise.all((await watches).map((watch) => watch.states(probe)));
        return states.flat().map((state) => ({ job, ...state }));
      } catch {
        // That they could not be followed was logged when it happened.
        return triggers.flatMap(({ paths }) =>
          paths.map((path) => ({ job, path, state: 'failed' as const })),
        );
      }
    });
    return (await Promise.all(all)).flat();
  }

  /** Follows nothing any more. */
  async close(): Promise<void> {
    const all = [...this.#followed.values()];
    this.#followed.clear();
    await Promise.all(all.map((followed) => this.#close(followed)));
  }

  async #follow(job: string, triggers: readonly WatchTrigger[]): Promise<readonly FolderWatch[]> {
    const { watchFolders } = await import('../watch/folder-watch.ts');
    return triggers.map((trigger) =>
      watchFolders({
        trigger,
        onFiles: (files) => this.#onFiles(job, files),
        onPresence: (path, isThere) => {
          if (isThere) this.#logger.info({ job, path }, 'a watched folder is there again');
          else
            this.#logger.warn({ job, path }, 'a watched folder is not there; it is followed when it appears');
          this.#onPresence(job, path, isThere);
        },
        warn: (message, cause) => this.#logger.warn({ err: cause, job }, message),
      }),
    );
  }

  async #close({ watches }: Followed): Promise<void> {
    try {
      await Promise.all((await watches).map((watch) => watch.close()));
    } catch (error) {
      this.#logger.warn({ err: error }, 'watching files did not end cleanly');
    }
  }
}
