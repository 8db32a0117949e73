import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { writeWhole } from '../files.ts';

type Times = Readonly<Record<string, number>>;

/**
 * Since when each trigger of each job is known (epoch milliseconds), kept in a file beside the history: nothing
 * before that was ever missed, and an interval keeps its phase through restarts.
 */
export class FirstSeen {
  readonly #file: string;
  readonly #times: Map<string, Times>;
  #isChanged = false;

  private constructor(file: string, times: Map<string, Times>) {
    this.#file = file;
    this.#times = times;
  }

  /** Knows nothing yet: for a new history, which has forgotten what was run. */
  static empty(file: string): FirstSeen {
    return new FirstSeen(file, new Map());
  }

  /** Reads the file; one that is missing knows nothing. One that cannot be read does neither, and `warn` is told. */
  static read(file: string, warn: (error: unknown) => void): FirstSeen {
    try {
      return new FirstSeen(file, timesIn(JSON.parse(readFileSync(file, 'utf8'))));
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') warn(error);
      return FirstSeen.empty(file);
    }
  }

  /** Tells when each of exactly these triggers was first seen; those that are new, or were forgotten, are so now. */
  see(job: string, keys: readonly string[], nowMs: number): ReadonlyMap<string, number> {
    const before = this.#times.get(job) ?? {};
    const times = new Map(keys.map((key) => [key, before[key] ?? nowMs]));
    const isSame = keys.length === Object.keys(before).length && keys.every((key) => key in before);
    if (!isSame) this.#isChanged = true;
    if (!isSame && keys.length > 0) this.#times.set(job, Object.fromEntries(times));
    if (keys.length === 0) this.#times.delete(job);
    return times;
  }

  /** Jobs other than these are forgotten, so that they begin afresh if they ever come back. */
  keepOnly(isKnown: (job: string) => boolean): void {
    for (const job of this.#times.keys()) if (!isKnown(job)) this.forget(job);
  }

  forget(job: string): void {
    if (this.#times.delete(job)) this.#isChanged = true;
  }

  /** Writes the file if anything has changed. Throws what the file system throws. */
  save(): void {
    if (!this.#isChanged) return;
    writeWhole(this.#file, `${this.#file}.new`, JSON.stringify(Object.fromEntries(this.#times)));
    this.#isChanged = false;
  }
}

function timesIn(value: unknown): Map<string, Times> {
  if (typeof value !== 'object' || value === null) throw new Error('it does not hold the times of jobs');
  const isTimes = (times: unknown): times is Times =>
    typeof times === 'object' && times !== null && Object.values(times).every(Number.isSafeInteger);
  return new Map(
    Object.entries(value).map(([job, times]: [string, unknown]) => {
      if (!isTimes(times)) throw new Error(`it holds no times for ${job}`);
      return [job, times];
    }),
  );
}
