import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RecentWorst } from './recent-worst.ts';

/** While it is measured, the loop is woken this often, in milliseconds. */
const RESOLUTION_MS = 50;
/** A reset loses what is not sampled yet, so that it is not done at each look, in milliseconds. */
const BETWEEN_RESETS_MS = 10_000;
/** How long it is measured after the loop was busy, in milliseconds. */
const MEASURED_MS = 3 * 60_000;

/**
 * How long the event loop was blocked. Measuring that takes a timer that wakes an idle daemon many times a second, so it
 * is measured only after a time in which the loop was busy for long enough to have been blocked at all. How late other
 * timers come, their owners note.
 */
export class LoopDelay {
  readonly #busyMs: number;
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #recent = new RecentWorst();
  #last = performance.eventLoopUtilization();
  /** How long the loop was busy since the last reset. */
  #activeMs = 0;
  #resetMs = performance.now();
  #isMeasured = false;
  #measuredUntilMs = 0;

  /** @param busyMs blocked for less than this, nothing is amiss */
  constructor(busyMs: number) {
    this.#busyMs = busyMs;
  }

  /** A timer has come so much too late (milliseconds). */
  late(ms: number): void {
    this.#recent.note(ms, performance.now());
  }

  /** The longest delay known of the last minute, in milliseconds. */
  worstMs(): number {
    const nowMs = performance.now();
    const now = performance.eventLoopUtilization();
    const { active } = performance.eventLoopUtilization(now, this.#last);
    this.#last = now;
    if (this.#isMeasured && this.#histogram.count > 0) {
      const worst = this.#histogram.max / 1e6 - RESOLUTION_MS;
      // A computer that slept was not blocked.
      this.#recent.note(Math.max(0, Math.min(worst, this.#activeMs + active)), nowMs);
    }
    this.#activeMs += active;
    if (nowMs - this.#resetMs >= BETWEEN_RESETS_MS) this.#reset(nowMs);
    if (active >= this.#busyMs) this.#measuredUntilMs = nowMs + MEASURED_MS;
    this.#measure(nowMs < this.#measuredUntilMs);
    return this.#recent.worst(nowMs);
  }

  #measure(wanted: boolean): void {
    if (wanted === this.#isMeasured) return;
    this.#isMeasured = wanted;
    if (wanted) this.#histogram.enable();
    else this.#histogram.disable();
    this.#reset(performance.now());
  }

  #reset(nowMs: number): void {
    this.#histogram.reset();
    this.#activeMs = 0;
    this.#resetMs = nowMs;
  }

  stop(): void {
    this.#measure(false);
  }
}
