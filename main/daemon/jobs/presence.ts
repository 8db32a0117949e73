import { closeSync, openSync, statSync, utimesSync } from 'node:fs';
import type { Logger } from 'pino';
import { systemErrorCode } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { TimerClock } from '../schedule/timer.ts';

/** Signs of life nearer to each other than this tell nothing new, in milliseconds. */
const EVERY_MS = 30_000;
/** Less than this is a restart, and no absence. */
const SHORTEST_MS = 2_000;
/** What is older is forgotten. */
const KEPT_MS = 90 * 24 * 3_600_000;

/**
 * When nothing could run: the daemon did not, or the computer slept. The daemon's last sign of life is the time of a
 * file, since one that was killed says nothing.
 */
export class Presence {
  readonly #file: string;
  readonly #history: History;
  readonly #logger: Logger;
  #lastMs = 0;

  /** @param file the sign of life */
  constructor(file: string, history: History, logger: Logger) {
    this.#file = file;
    this.#history = history;
    this.#logger = logger;
  }

  /** Records how long no daemon ran, at this time (epoch milliseconds). */
  begin(nowMs: number): void {
    const seen = statSync(this.#file, { throwIfNoEntry: false })?.mtimeMs;
    this.#record(() => {
      if (seen !== undefined && nowMs - seen >= SHORTEST_MS)
        this.#history.absent({ kind: 'down', from: Math.round(seen), until: nowMs });
      this.#history.forgetAbsences(nowMs - KEPT_MS);
    });
    this.#touch(nowMs);
  }

  /** A clock whose timers are signs of life, so that none of its own is needed. */
  clock(clock: TimerClock): TimerClock {
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimer: (delayMs, callback) =>
        clock.setTimer(delayMs, () => {
          const nowMs = clock.now();
          if (Math.abs(nowMs - this.#lastMs) >= EVERY_MS) this.#touch(nowMs);
          callback();
        }),
    };
  }

  asleep(fromMs: number, untilMs: number): void {
    this.#record(() => this.#history.absent({ kind: 'asleep', from: fromMs, until: untilMs }));
  }

  /** The last sign of life of a daemon that ends in order. */
  end(nowMs: number): void {
    this.#touch(nowMs);
  }

  #touch(nowMs: number): void {
    this.#lastMs = nowMs;
    try {
      utimesSync(this.#file, nowMs / 1_000, nowMs / 1_000);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') this.#create();
      else this.#logger.debug({ err: error }, 'the sign of life could not be written');
    }
  }

  #create(): void {
    try {
      closeSync(openSync(this.#file, 'a', 0o600));
    } catch (error) {
      this.#logger.warn({ err: error }, 'the sign of life could not be written');
    }
  }

  /** What cannot be recorded costs a band in the timeline, and must not keep jobs from running. */
  #record(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#logger.warn({ err: error }, 'a time without a daemon could not be recorded');
    }
  }
}
