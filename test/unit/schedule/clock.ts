import type { TimerClock } from '../../../main/daemon/schedule/timer.ts';

/** A wall clock, a monotonic clock and one timer, all moved by hand. */
export class HeldClock implements TimerClock {
  wall: number;
  steady = 0;
  /** How often a timer has woken its owner. */
  wakes = 0;
  #timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  readonly delays: number[] = [];

  constructor(wall: number) {
    this.wall = wall;
  }

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.steady;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.steady + delayMs, callback };
    this.#timers.add(timer);
    this.delays.push(delayMs);
    return () => {
      this.#timers.delete(timer);
    };
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** When the next timer is due, by the monotonic clock. */
  get nextTimer(): number | undefined {
    let next: number | undefined;
    for (const { at } of this.#timers) if (next === undefined || at < next) next = at;
    return next;
  }

  /** Both clocks go on, timers being called on the way, each this much later than asked for. */
  advance(ms: number, lateness: () => number = () => 0): void {
    const end = this.steady + ms;
    for (;;) {
      let first: { readonly at: number; readonly callback: () => void } | undefined;
      for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
      if (first === undefined || first.at > end) break;
      this.#timers.delete(first);
      this.#move(Math.max(0, Math.min(first.at + lateness(), end) - this.steady));
      this.wakes += 1;
      first.callback();
    }
    this.#move(end - this.steady);
  }

  /** The computer sleeps: the monotonic clock goes on too on some systems, and timers do not fire. */
  sleep(ms: number, monotonicGoesOn: boolean): void {
    this.wall += ms;
    if (monotonicGoesOn) this.steady += ms;
  }

  /** Somebody sets the clock. */
  jump(ms: number): void {
    this.wall += ms;
  }

  #move(ms: number): void {
    this.wall += ms;
    this.steady += ms;
  }
}
