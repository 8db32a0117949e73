import type { HeldClock } from '../unit/schedule/clock.ts';

/**
 * Puts a held clock in place of `Date`, `performance.now` and the timers of this process, and returns how to take that
 * back. What was imported from `node:timers` stays as it is: input and output take their real time.
 */
export function holdTime(clock: HeldClock): () => void {
  const { Date: RealDate, setTimeout, clearTimeout } = globalThis;
  const { performance } = globalThis;
  const cancels = new WeakMap<object, () => void>();
  class HeldDate extends RealDate {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Math.round(clock.wall)] : given) as []));
    }
    static override now(): number {
      return Math.round(clock.wall);
    }
  }
  const held = (callback: (...given: unknown[]) => void, ms = 1, ...given: unknown[]): object => {
    const timer = {
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
      refresh: () => timer,
      close: () => cancels.get(timer)?.(),
    };
    cancels.set(
      timer,
      clock.setTimer(Math.max(1, ms), () => callback(...given)),
    );
    return timer;
  };
  const cancel = (timer: unknown): void => {
    const known = typeof timer === 'object' && timer !== null ? cancels.get(timer) : undefined;
    // One that was set before time was held.
    if (known === undefined) clearTimeout(timer as NodeJS.Timeout | undefined);
    else known();
  };
  Object.assign(globalThis, { Date: HeldDate, setTimeout: held, clearTimeout: cancel });
  Object.defineProperty(performance, 'now', { value: () => clock.steady, configurable: true });
  return () => {
    Object.assign(globalThis, { Date: RealDate, setTimeout, clearTimeout });
    Reflect.deleteProperty(performance, 'now');
  };
}
