import { join } from 'node:path';
import type { Logger } from 'pino';
import * as z from 'zod/mini';
import type { UpdatesView } from '../../control/app-calls.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { JsonFile } from '../json-file.ts';
import { DAY_MS, nextCheckIn } from './decision.ts';
import type { Updater } from './updater.ts';

const record = z.object({ lastChecked: z.nullable(z.iso.datetime()) });

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
  readonly #startedAt = Date.now();
  #updater: Promise<Updater> | undefined;
  #state: UpdatesView;
  #timer: NodeJS.Timeout | undefined;
  /** What goes on as soon as no run is in progress. */
  #waiting: (() => Promise<void>) | undefined;
  #isClosed = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    const { home, logger } = options;
    this.#record = new JsonFile({
      path: join(home, 'app.updates.json'),
      schema: record,
      defaults: { lastChecked: null },
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
    const { kind } = this.#state;
    if (kind === 'checking' || kind === 'downloading') return;
    // What was downloaded is not installed against the person's will, and is there again when they change their mind.
    const isReady = kind === 'ready' && this.#options.isOn();
    if (!isReady) {
      this.#waiting = undefined;
      this.#become(this.#resting());
    }
    this.#plan();
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
    if (this.#state.kind === 'checking' || this.#state.kind === 'downloading') return;
    await this.#check();
  }

  /** The version that waits to be put in place, if the person still wants it. */
  get ready(): string | undefined {
    return this.#state.kind === 'ready' && this.#options.isOn() ? this.#state.version : undefined;
  }

  /** Puts the new version in place; the daemon has been stopped, and the app's lock given back. See `Updater`. */
  async install(isRestart: boolean): Promise<'exit' | 'system-ends-it'> {
    const updater = await this.#loaded();
    this.#options.logger.info({ version: this.ready, isRestart }, 'the new version is put in place');
    return updater.install(isRestart);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  #resting(): UpdatesView {
    const { impossible, isOn } = this.#options;
    if (impossible !== undefined) return { kind: 'impossible', reason: impossible };
    return isOn() ? { kind: 'idle', lastChecked: this.#record.value.lastChecked } : { kind: 'off' };
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
      startedAt: this.#startedAt,
      lastChecked: last === null ? null : Date.parse(last),
    });
    // Timers stand still while the computer sleeps: one that comes early looks at the clock again.
    this.#timer = setTimeout(() => void this.#due(), Math.min(wait, DAY_MS)).unref();
  }

  async #due(): Promise<void> {
    if (this.#state.kind === 'ready' || this.#waiting !== undefined) return;
    await this.#whenIdle(() => this.#check());
  }

  async #whenIdle(next: () => Promise<void>): Promise<void> {
    if (this.#options.runs() === 0) return next();
    this.#waiting = next;
  }

  async #check(): Promise<void> {
    const { logger } = this.#options;
    const before = this.#state;
    this.#become({ kind: 'checking' });
    try {
      const updater = await this.#loaded();
      const version = await updater.check();
      this.#record.set({ lastChecked: new Date().toISOString() });
      logger.info({ version: version ?? null }, 'looked for updates');
      if (version === undefined) this.#become(this.#resting());
      else if (before.kind === 'ready' && before.version === version) this.#become(before);
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
    try {
      await updater.download((percent) => {
        if (percent === told) return;
        told = percent;
        this.#become({ kind: 'downloading', version, percent });
      });
      this.#options.logger.info({ version }, 'a new version is ready to be installed');
      this.#become(this.#options.isOn() ? { kind: 'ready', version } : this.#resting());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** It is tried again the next day, and whenever the person asks. */
  #fail(error: unknown): void {
    this.#options.logger.warn({ err: error }, 'looking for updates failed');
    const at = new Date().toISOString();
    this.#record.set({ lastChecked: at });
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    this.#become({ kind: 'failed', message, at });
  }

  #loaded(): Promise<Updater> {
    this.#updater ??= this.#options.updater();
    return this.#updater;
  }
}
