/** What was logged as an error lately. */
export interface ErrorsLately {
  readonly count: number;
  /** The last one; its time in epoch milliseconds. */
  readonly last: { readonly atMs: number; readonly message: string } | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Counts the errors of the last hour, by the minute. */
export class ErrorCount {
  readonly #minutes = new Map<number, number>();
  #last: ErrorsLately['last'];

  note(message: string, nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    this.#last = { atMs: nowMs, message };
    this.#forget(nowMs);
  }

  lately(nowMs: number): ErrorsLately {
    this.#forget(nowMs);
    const count = [...this.#minutes.values()].reduce((sum, one) => sum + one, 0);
    return { count, last: count === 0 ? undefined : this.#last };
  }

  /** What lies ahead was noted before the clock was set back. */
  #forget(nowMs: number): void {
    for (const minute of this.#minutes.keys()) {
      const atMs = minute * MINUTE_MS;
      if (atMs <= nowMs - HOUR_MS || atMs > nowMs) this.#minutes.delete(minute);
    }
  }
}
