import { join } from 'node:path';
import type { Logger } from 'pino';
import * as z from 'zod/mini';
import type { UpdatesView } from '../../control/app-calls.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { JsonFile } from '../json-file.ts';
import { DAY_MS, nextCheckIn } from './decision.ts';
import type { Updater } from './updater.ts';

const failure = z.object({ message: z.string(), at: z.iso.datetime() });
const record = z.object({
  lastChecked: z.nullable(z.iso.datetime()),
  /** What went wrong the last time, if it did. */
  failure: z.nullable(failure),
});

export interface UpdatesOptions {
  /** The home's real path. */
  readonly home: string;
  readonly logger: Logger;
  /** Why this build cannot update itself; undefined if it can. */
  readonly impossible: string | undefined;
  /** Whether the person wants updates. */
  readonly isOn: () => boolean;
  /** How many runs that will end are in progress. */
  readonly runs: () => number;
  /** Gets what looks for versions and installs them, when it is wanted for the first time. */
  readonly updater: () => Promise<Updater>;
  readonly onChange: () => void;
}

/**
 * Keeps the app up to date: looks for a new version once a day while no run is in progress, gets it, and has it ready for the
 * next end of the app.
 */
export class Updates {
  readonly #options: UpdatesOptions;
  readonly #record: JsonFile<typeof record>;
  /** When the app was started, or the computer woke last: milliseconds since the epoch. */
  #awakeSince = Date.now();
  #updater: Promise<Updater> | undefined;
  #state: UpdatesView;
  /** The version that was got. It waits to be put in place whatever else goes on, until another one is found. */
  #got: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What goes on as soon as no run is in progress. */
  #waiting: (() => Promise<void>) | undefined;
  /** Ends the download that goes on. */
  #abort: AbortController | undefined;
  #isClosed = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    const { home, logger } = options;
    this.#record = new JsonFile({
      path: join(home, 'app.updates.json'),
      schema: record,
      defaults: { lastChecked: null, failure: null },
      logger,
    });
    this.#state = this.#resting();
    this.#plan();
  }

  get view(): UpdatesView {
    return this.#state;
  }

  /** The person's settings are others. */
  settingsChanged(): void {
    this.#plan();
    if (!this.#options.isOn()) this.#abort?.abort();
    // It looks at the settings itself when it is done.
    if (this.#isBusy()) return;
    this.#waiting = undefined;
    // What was downloaded is not installed against the person's will, and is there again when they change their mind.
    this.#become(this.#resting());
  }

  /** Runs have begun or ended. */
  runsChanged(): void {
    if (this.#waiting === undefined || this.#options.runs() > 0) return;
    const next = this.#waiting;
    this.#waiting = undefined;
    void next();
  }

  /** The person wants to know now. Throws a `SoloistError` if this build cannot update itself. */
  async checkNow(): Promise<void> {
    const { impossible } = this.#options;
    if (impossible !== undefined)
      throw new SoloistError({
        code: 'no-updates',
        message: 'Soloist cannot update itself here.',
        hint: impossible,
      });
    if (!this.#isBusy()) await this.#check();
  }

  /** The version that waits to be put in place, if the person still wants it. */
  get ready(): string | undefined {
    return this.#options.isOn() ? this.#got : undefined;
  }

  /**
   * Puts the new version in place; the daemon has been stopped, and the app's lock given back. See `Updater`. What goes
   * wrong is remembered for the next start, and 'failed' is returned: the old version is still there.
   */
  async install(isRestart: boolean): Promise<'exit' | 'system-ends-it' | 'failed'> {
    try {
      const updater = await this.#loaded();
      this.#options.logger.info({ version: this.ready, isRestart }, 'the new version is put in place');
      return updater.install(isRestart);
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the new version could not be put in place');
      this.#remember({ message: inWords(error), at: new Date().toISOString() });
      return 'failed';
    }
  }

  /** The computer has slept, while timers stood still. It has as much to do as after a start, and no network yet. */
  wake(): void {
    this.#awakeSince = Date.now();
    this.#plan();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting = undefined;
    this.#abort?.abort();
  }

  #resting(): UpdatesView {
    const { impossible, isOn } = this.#options;
    if (impossible !== undefined) return { kind: 'impossible', reason: impossible };
    if (!isOn()) return { kind: 'off' };
    if (this.#got !== undefined) return { kind: 'ready', version: this.#got };
    const { lastChecked, failure } = this.#record.value;
    return failure === null ? { kind: 'idle', lastChecked } : { kind: 'failed', ...failure };
  }

  #become(state: UpdatesView): void {
    this.#state = state;
    if (!this.#isClosed) this.#options.onChange();
  }

  /** Arms the timer for the next look. */
  #plan(): void {
    clearTimeout(this.#timer);
    const { impossible, isOn } = this.#options;
    if (impossible !== undefined || !isOn() || this.#isClosed) return;
    const last = this.#record.value.lastChecked;
    const wait = nextCheckIn({
      now: Date.now(),
      startedAt: this.#awakeSince,
      lastChecked: last === null ? null : Date.parse(last),
    });
    // Timers stand still while the computer sleeps: one that comes early looks at the clock again.
    this.#timer = setTimeout(() => void this.#due(), Math.min(wait, DAY_MS)).unref();
  }

  async #due(): Promise<void> {
    if (this.#waiting !== undefined || this.#isBusy()) return;
    if (this.#options.runs() === 0) await this.#check();
    else this.#waiting = () => this.#check();
  }

  async #check(): Promise<void> {
    const { logger } = this.#options;
    this.#waiting = undefined;
    this.#become({ kind: 'checking' });
    try {
      const updater = await this.#loaded();
      const version = await updater.check();
      this.#record.set({ lastChecked: new Date().toISOString(), failure: null });
      logger.info({ version: version ?? null }, 'looked for updates');
      const isGot = version === this.#got;
      if (!isGot) this.#got = undefined;
      if (version === undefined || isGot || !this.#options.isOn() || this.#isClosed)
        this.#become(this.#resting());
      else if (this.#options.runs() > 0) {
        this.#waiting = () => this.#download(updater, version);
        this.#become({ kind: 'waiting', version });
      } else await this.#download(updater, version);
    } catch (error) {
      this.#fail(error);
    }
    this.#plan();
  }

  async #download(updater: Updater, version: string): Promise<void> {
    this.#become({ kind: 'downloading', version, percent: 0 });
    let told = 0;
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const tell = (percent: number): void => {
        if (percent === told) return;
        told = percent;
        this.#become({ kind: 'downloading', version, percent });
      };
      await updater.download(tell, abort.signal);
      this.#options.logger.info({ version }, 'a new version is ready to be installed');
      this.#got = version;
      this.#become(this.#resting());
    } catch (error) {
      if (abort.signal.aborted) this.#become(this.#resting());
      else this.#fail(error);
    } finally {
      this.#abort = undefined;
    }
  }

  /** It is tried again the next day, and whenever the person asks. */
  #fail(error: unknown): void {
    this.#options.logger.warn({ err: error }, 'looking for updates failed');
    this.#remember({ message: inWords(error), at: new Date().toISOString() });
    this.#become(this.#resting());
  }

  #remember(failed: z.infer<typeof failure>): void {
    this.#record.set({ lastChecked: failed.at, failure: failed });
  }

  #isBusy(): boolean {
    return this.#state.kind === 'checking' || this.#state.kind === 'downloading';
  }

  #loaded(): Promise<Updater> {
    this.#updater ??= this.#options.updater();
    return this.#updater;
  }
}

/** What may go wrong on the way, as the network and the library call it, and as a person does. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/net::ERR_|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/, 'the publisher could not be reached'],
  [/\b404\b|Cannot find latest/, 'the publisher has no release for this system'],
  [/ENOSPC/, 'the disk is full'],
  [/EACCES|EPERM|EROFS/, 'the place of the app cannot be written to'],
  [/sha512|checksum|not signed|signature/i, 'what was downloaded is not what the publisher has signed'],
];

function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const known = reasons.find(([pattern]) => pattern.test(text))?.[1];
  const [first = ''] = text.split('\n');
  return known === undefined ? first : `${known} (${first.slice(0, 120)})`;
}
