import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RecentWorst } from './recent-worst.ts';

/** Longer than any timer takes: where the histogram cannot be told by the loop itself, it must not wake it. */
const NEVER_MS = 0x7fffffff;
/** Its first sample is how long the loop waited since it was enabled, which is no delay. */
const SETTLED_MS = 1_000;

/**
 * How long the event loop was blocked. The histogram is told by the loop, once a turn, and costs no wake-up; a Node older
 * than 24 cannot do that, and there only the lateness of timers is known, which their owners note.
 */
export class LoopDelay {
  readonly #histogram: ReturnType<typeof monitorEventLoopDelay>;
  readonly #recent = new RecentWorst();
  readonly #settling: NodeJS.Timeout;

  constructor() {
    // Unknown to older versions, which take the resolution alone.
    this.#histogram = monitorEventLoopDelay({ samplePerIteration: true, resolution: NEVER_MS });
    this.#histogram.enable();
    this.#settling = setTimeout(() => this.#histogram.reset(), SETTLED_MS).unref();
  }

  /** A timer has come so much too late (milliseconds). */
  late(ms: number): void {
    this.#recent.note(ms, performance.now());
  }

  /** The longest delay of the last minute, in milliseconds. */
  worstMs(): number {
    const nowMs = performance.now();
    if (this.#histogram.count > 0) this.#recent.note(this.#histogram.max / 1e6, nowMs);
    this.#histogram.reset();
    return this.#recent.worst(nowMs);
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#histogram.disable();
  }
}
